"""Words of saying, believing, estimating and alleging, and those around them.

Arabic verbs are listed once, in the third person of past and imperfect; the other forms are made from them.
"""

from __future__ import annotations

from rag.analysis import folded_words
from rag.grounding.inflection import arabic_forms, english_forms

# What is said after them is somebody's word, whatever follows.
CLEAR_ENGLISH = english_forms(
    "say/said tell/told claim allege believe insist warn accuse deny/denied predict argue assert contend reckon opine "
    "tweet testify/testified speculate forecast/forecast/forecasted estimate acknowledge admit/admitted concede "
    "reiterate boast complain blame suspect surmise"
) | folded_words("think thinks")
ACCUSING = arabic_forms("اتهم/يتهم")
DENYING = english_forms("deny/denied") | arabic_forms("نفى/ينفي أنكر/ينكر") | folded_words("نافيا نافيه نافية")
ACCUSING_OBJECT = frozenset(form + end for form in ACCUSING for end in ("ه", "ها", "هم", "هما"))
# These also have other uses (a report, to add a run, to note a sum): they need a clause or quotation after them.
OTHER_ENGLISH = english_forms(
    "state report note add explain stress emphasize emphasise underline underscore remark comment write/wrote/written "
    "suggest maintain confirm affirm expect fear feel/felt see/saw indicate "
    "reveal disclose recall "
    "hint imply/implied describe call consider view charge assess doubt assure point caution project anticipate "
    "conclude respond reply/replied quip guess conjecture deem label brand hail praise criticize criticise"
)
ANNOUNCING = english_forms("announce declare unveil proclaim decide") | arabic_forms("أعلن/يعلن قرر/يقرر كشف/يكشف")
CLEAR_ARABIC = arabic_forms(
    "زعم/يزعم ادعى/يدعي اتهم/يتهم نفى/ينفي توقع/يتوقع رجح/يرجح استبعد/يستبعد حذر/يحذر اعتقد/يعتقد ظن/يظن "
    "تكهن/يتكهن أنكر/ينكر انتقد/ينتقد عزا/يعزو أرجع اشتبه/يشتبه تنبأ/يتنبأ خمن/يخمن اشتكى/يشتكي "
) | folded_words("نسب نسبت ونسب ونسبت ينسب تنسب قدرت وقدرت يقدر تقدر وتقدر ويقدر يقدرون قدره قدرها")
OTHER_ARABIC = arabic_forms(
    "قال/يقول صرح/يصرح أكد/يؤكد ذكر/يذكر أفاد/يفيد أوضح/يوضح أضاف/يضيف تابع/يتابع أردف/يردف استطرد/يستطرد أشار/يشير "
    "لفت/يلفت نوه/ينوه شدد/يشدد اعتبر/يعتبر رأى/يرى وصف/يصف عبر/يعبر أعرب/يعرب أبلغ أخبر/يخبر أورد/يورد كتب/يكتب "
    "غرد/يغرد اعترف/يعترف أقر/يقر علق/يعلق رد/يرد أجاب/يجيب جزم/يجزم ألمح/يلمح خلص/يخلص تحدث/يتحدث ختم/يختم "
    "نبه/ينبه جادل/يجادل برر/يبرر حاجج/يحاجج استنتج/يستنتج لمح/يلمح شكا/يشكو تذمر/يتذمر اقتنع/يقتنع "
    "استدرك/يستدرك واصل/يواصل شكك/يشكك خشي/يخشى قدر/يقدر  أشاد/يشيد طمأن/يطمئن تساءل/يتساءل روى/يروي حكى/يحكي شرح/يشرح"
) | folded_words("قائلا قائله مضيفا مضيفه مؤكدا مؤكده موضحا موضحه مشيرا مشيره معتبرا معتبره لافتا لافته مشددا "
    "مشدده زاعما زاعمه "
         "متهما متهمه مبينا مبينه منوها محذرا محذره متوقعا متوقعه نافيا نافيه مرجحا يقال قيل")  # fmt: skip
# A phrase makes the whole sentence somebody's word; the speaker follows.
PHRASES_BEFORE_SPEAKER = (
    ("according", "to"), ("as", "per"), ("in", "the", "words", "of"), ("in", "the", "view", "of"), ("quoting",),
    ("in", "the", "opinion", "of"), ("quoted", "by"), ("cited", "by"), ("بحسب",), ("حسب",), ("وبحسب",),
    ("وحسب",), ("وفق",), ("وفقا",), ("ووفق",), ("ووفقا",), ("طبقا",), ("وطبقا",), ("نقلا", "عن"), ("علي", "حد", "قول"),
    ("علي", "حد", "تعبير"), ("علي", "حد", "وصف"), ("علي", "لسان"), ("براي",), ("في", "راي"), ("في", "نظر"),
    ("من", "وجهه", "نظر"), ("استنادا", "الي"), ("وفقما",), ("حسبما",), ("بحسبما",),
)  # fmt: skip
ADVERBS = folded_words(
    "reportedly allegedly purportedly supposedly ostensibly apparently seemingly مزعوم مزعومة المزعوم المزعومة"
)
# "his": the speaker is who is spoken of.
PHRASES = (
    ("in", "his", "view"), ("in", "her", "view"), ("in", "their", "view"), ("in", "his", "opinion"),
    ("in", "my", "view"),
    ("in", "her", "opinion"), ("in", "their", "opinion"), ("علي", "حد", "قوله"), ("علي", "حد", "قولها"),
    ("علي", "حد", "تعبيره"), ("علي", "حد", "تعبيرها"), ("علي", "حد", "وصفه"), ("علي", "حد", "وصفها"),
    ("علي", "حد", "زعمه"), ("علي", "حد", "زعمها"), ("برايه",), ("برايها",),
    ("بحسبه",), ("بحسبها",), ("بحسبهم",), ("في", "رايه"), ("في", "رايها"),
    ("بحسب", "قوله"), ("كما", "يقول"), ("كما", "تقول"), ("كما", "قال"), ("كما", "قالت"),
    ("as", "he", "put"), ("بحسب", "تعبيره"), ("من", "وجهه", "نظره"),
)  # fmt: skip
# Not enough to make a source's sentence somebody's word, but enough to keep a statement from being plain fact.
HEDGES = folded_words(
    """report reports reported showed shows show shown survey study poll statement statements remarks claim
    claims allegation allegations accusation accusations accused alleged estimated estimate estimates belief opinion
    view
    views critics supporters sources source speech interview testimony forecast forecasts projection prediction
    predictions warning warnings denial announcement describes described called calls considers considered regards
    regarded so-called quoted cited asked urged demanded proposed promised pledged vowed threatened hopes hoped wants
    words account version spoke speaks talked expected expects expect thinks thought figures liken likens likened says
    puts counts lists cites says-so remark remarks remarked argument arguments argued argues contention
    contends suspicion suspicions suspected fears feared hope complaint complaints assessment assessments
    rumour rumours
    rumors answered maintained maintains defends defended disagree disagrees disagreed contradict
    contradicts finding findings
    concluded concludes recorded attributed attributes credited credits responsible disapproval intends
    dispute disputes voiced expressed seeks row fear worry worries worried hinted seem seems according
    cautioned cautions
    rejects rejected reject dismissed dismisses justified justifies voices welcomed protested protests
    words dubbed termed labelled labeled disputed
    exclude excludes excluded provides stipulates requires demands conditions conditional data wording eyes said
    نبه نبهت نبهوا برر بررت تستند يستند استند استندت تعزو عزا عزت اشتكى اشتكت يشتكي شكا شكت جادل جادلت حجته حجتهم
    اعترض اعترضت يشتبه تشتبه اشتبه مشتبه يتحدث تتحدث تحدث تحدثت روايتا خلاف جدل استنكر استنكرت احتج احتجت
    رفض رفضت يرفض
    ترفض شكوى شكواه شكواها قلق قلقه خشيته خشية مخاوف خلص خلصت تخلص يخلص نسبت عزو يطالب تطالب يريد تريد يعتزم تعتزم
    يخطط تخطط تلمح يلمح يربط تربط يرغب ترغب تطلب يطلب طلب طلبت اقترح اقترحت يقترح تقترح
    warned
    رواية روايته روايتها كلام كلامه حديث حديثه نظر نظره نظرها نظرهم أرقام بيانات اشترط اشترطت اشترطه استثنى استثنت نص
    تنص
    تقرير تقارير أظهر أظهرت تظهر يظهر بينت استطلاع دراسة بيان تصريح تصريحات تصريحاته مزاعم ادعاء ادعاءات اتهام
    اتهامات اتهاماته متهم متهما المتهم تقدير تقديرات تقديره رأي رأيه رأيها آراء اعتقاد اعتقاده منتقدون مصادر مصدر كلمة
    مقابلة شهادة توقعات توقع تنبؤات تحذير تحذيرات نفي إعلان ناشد دعا دعت طالب طالبت تعهد تعهدت هدد هددت أمل يأمل تأمل
    قول
    قوله قولها وعد وعدت"""
)
FRAMES = folded_words(
    """text passage article document source report story piece النص المقال المقالة التقرير المصدر الوثيقة الخبر الفقرة
    المقطع المادة"""
)
"""What a statement may name as where it is from (according to the text), which is nobody's word."""
COMPLEMENT = folded_words("that ان بان انه انها انهم بانه بانها بانهم انني انه انهما لان انا كيف")
PRONOUNS = folded_words("he she it they there i we")
DETERMINERS = folded_words("this the a an his her its their")
NOUNS_TOO = folded_words(
    "forecast forecasts claim claims estimate estimates state states report reports blame doubt doubts"
)
EXPECTING = folded_words("expect expects expected")
NAMED_AS = {"a", "an", *'“«"'}
CLAIMED = (["victory"], ["responsibility"], ["credit"])
INSERTED = 6
"""Tokens of a speaker between commas, with the verb."""
DATES = folded_words(
    """monday tuesday wednesday thursday friday saturday sunday today yesterday week month year earlier later also
    however
    still once again then meanwhile
    الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد اليوم أمس يوم مساء صباح الماضي الجاري أيضا كذلك لاحقا سابقا
    بدوره
    بدورها كما بقوله بقولها قوله قولها إياه إياها إياهم ذلك بحسب حسب وفق وفقا طبقا مقابلة حديث تصريح تصريحات
    بيان مؤتمر صحفي صحافي كلمة خطاب"""
)
PASSIVE = folded_words("is are was were be been being am")
AROUND_PASSIVE = folded_words("widely generally commonly long now also reportedly still often")
HELD = english_forms(
    "say/said believe think/thought allege report suspect rumour rumor fear consider understand/understood claim "
    "presume assume estimate"
)
"""Verbs of which the passive before "to" makes it somebody's word: is thought to have fled."""
OPINING = english_forms(
    "describe call consider view see/saw deem label brand hail praise criticize criticise blame accuse doubt assess"
)
"""Verbs that say what somebody makes of a thing, without a clause: they called the law a disgrace."""
TRACING = arabic_forms("عزا/يعزو أرجع")
HOLDING = folded_words("محملا محمله")
RELAYING = arabic_forms("نقل/ينقل تحدث/يتحدث")
AMOUNTS = folded_words("قدره قدرها")
FORWARD = arabic_forms(
    "عزا/يعزو أرجع اتهم/يتهم انتقد/ينتقد نبه/ينبه حذر/يحذر اشتكى/يشتكي شكا/يشكو وصف/يصف"
) | folded_words(
    "قائلا قائله مضيفا مضيفه مؤكدا مؤكده موضحا موضحه مشيرا مشيره معتبرا معتبره لافتا لافته مشددا مشدده زاعما زاعمه "
    "متهما متهمه مبينا مبينه محذرا محذره متوقعا متوقعه نافيا نافيه مرجحا"
)
"""What is said stands behind them, never before them alone."""
BESIDES = folded_words("وذلك وبينهم وبينها وخاصة ولا سيما وسيما وخصوصا وهو وهي وهم")
WHERE_SAID = folded_words("في خلال عبر أمام ضمن")
OPINING_ARABIC = arabic_forms("وصف/يصف اعتبر/يعتبر") | folded_words("معتبرا معتبره")
BESIDE_OBJECTS = folded_words("مع إلى على عن ضد")
FINITE = folded_words(
    "is are was were be been has have had will would can could may might must shall should does did do cannot"
)
BEFORE_NOUNS = folded_words(
    "the a an its his her their to of from on with this that these those in by for some many new"
)
# Where one side's word ends and the other's begins.
CONTRASTS = folded_words(
    "while whereas although though but despite فيما بينما حين أما رغم لكن ولكن غير إلا وتنفي ونفى ونفت وينفي"
)
CLAUSES = folded_words("which until because since after before when where that")
# Decisions and laws say how it is: "under the law" is nobody's opinion.
INSTRUMENTS = folded_words(
    """قرار قانون اتفاق اتفاقية خطة دستور نظام لائحة مرسوم معاهدة جدول شروط معايير قواعد أحكام المادة ماده الحاجة
    the-law law plan schedule rules terms constitution"""
)
BEFORE_BUT = folded_words("all nothing anything none no anyone everyone everything nobody cannot")
BREAKS = frozenset(".!?؟؛;")
PARTS = frozenset(";؛")
QUOTES = frozenset('«“"')
CLOSES = frozenset('»”"')
