"""English words and endings that tell an ordinary word with a capital letter from a name."""

from __future__ import annotations

GENERIC = frozenset(
    """mr mrs ms miss sir lord lady dame dr prof hon rev col gen lt maj capt sgt adm brig gov sen rep madam ministry
    minister department government party council committee university college company corporation agency bank
    court parliament army force forces authority office commission union association society organisation
    organization foundation institute institution center centre group network movement republic kingdom state
    states province governorate district city town village street road avenue square river lake mount mountain
    airport port hospital school club team league cup board bureau service services police navy air military
    embassy consulate cabinet north south east west northern southern eastern western central national
    international federal general supreme high inc ltd llc co corp plc the deputy vice former late senior chief
    head acting interim law act bill resolution monday tuesday wednesday thursday friday saturday sunday internet
    television tv covid god i i'm im i've ive i'll ok am pm ad bc ce""".split()
)
"""English words with a capital that say what a thing is, not which one."""
SAYING = frozenset(
    """said says told tells added adds announced denied confirmed warned argued wrote insisted stressed noted claimed
    explained who whose accused met visited resigned died won lost scored signed pledged vowed urged called""".split()
)
"""After a first word that is in no list, these tell that it is somebody."""
STARTERS = frozenset(
    """about above across after again against all almost alone along already also although always amid among amongst
    another any anybody anyone anything anyway apart around as aside at away back because before behind below
    beneath beside besides between beyond both but by certain certainly clearly come consequently consider despite
    does down due during each earlier either else elsewhere enough especially even eventually ever every everybody
    everyone everything except far few fewer fellow finally first five following for former formerly forty four
    from fully further furthermore generally given gradually half hardly hence her here hers herself him himself
    his how however hundreds i if immediately in including indeed initially inside instead into it its itself just
    last lastly later latter least less let like likewise little long many maybe me meanwhile mere more moreover
    most mostly much my namely near nearly neither never nevertheless next nine no nobody none nonetheless nor not
    nothing notably now nowhere of off often on once one only onto or originally other others otherwise our out
    outside over overall own part partly per perhaps possibly presumably previously prior probably rather recently
    regarding roughly same second seldom seven several she should similarly simply since six so some somebody
    someone something sometimes soon still subsequently such suddenly ten than thanks that the their theirs them
    then there thereafter therefore these they third this those though thousands three through throughout thus
    till to today together tomorrow tonight too toward towards traditionally twelve twenty twice two typically
    ultimately under underneath unfortunately unless unlike until up upon us usually various very via was we were
    what whatever when whenever where whereas wherever whether which while who whoever whole whom whose why will
    with within without worldwide yes yesterday yet you your""".split()
)
"""English words of grammar, which begin sentences."""
ENDINGS = tuple(
    """ing ed ly tion sion ment ness ity ers ists ors ies ous ful ism ants ents als ves able ible less ship ance ence
    ages ures men""".split()
)
"""Endings of English common nouns, verbs and adverbs."""


GIVEN_NAMES = frozenset(
    """mohamed mohammed muhammed ahmed hamed khaled rashed majed saeed waleed fahed zayed sayed abed fouad ted fred
    alfred jared wilfred mildred winifred laurent vincent clement millicent irving sterling manning charles james miles
    giles jules yves agnes frances mercedes dolores moses andres""".split()
)
"""Given names that end as ordinary words do."""


def common_ending(word: str) -> bool:
    """Whether an English word ends as common nouns and adjectives do."""
    return word.endswith((*ENDINGS, "al", "ist", "ic", "ive", "ture", "ward"))
