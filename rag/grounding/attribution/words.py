"""Words by which a statement is told to be somebody's word, a deed of theirs, or a fact of record."""

from __future__ import annotations

from rag.analysis import folded_words
from rag.grounding.attribution.speech_words import ACCUSING_OBJECT, ANNOUNCING, CLEAR_ARABIC, CLEAR_ENGLISH, FRAMES
from rag.grounding.inflection import bare

# Offices and kinds of speakers: two people may have the same.
ROLES = folded_words(
    """minister ministry president presidency official officials spokesman spokeswoman spokesperson source sources head
    director chief leader member members government authorities authority expert experts analyst analysts report
    statement agency office department general deputy former senior state prime foreign secretary council committee
    commander representative ambassador envoy company companies firm group organisation organization union club bank
    party team
    airline captain manager owner lawyer prosecutor prosecutors court police army military hospital researcher
    professor doctor people residents witnesses
    وزير الوزير وزيرة الوزيرة وزارة الوزارة رئيس الرئيس رئيسة رئاسة مسؤول المسؤول مسؤولون مسؤولين متحدث المتحدث متحدثة
    ناطق
    الناطق باسم مصدر المصدر مصادر مدير المدير مديرة قائد القائد زعيم عضو أعضاء حكومة الحكومة سلطات السلطات خبير الخبير
    خبراء الخبراء محلل المحلل محللون تقرير التقرير بيان البيان وكالة مكتب المكتب عام العام نائب السابق سابق كبير الأول
    أمين
    الأمين مجلس المجلس لجنة اللجنة سفير السفير باحث الباحث أستاذ طبيب شهود سكان الخارجية الداخلية مندوب ممثل شركة
    مجموعة منظمة نقابة مصرف حزب فريق محام محامي مالك صاحب شرطة جيش مستشفى نيابة جمعية هيئة إدارة"""
)
PRONOUNS = folded_words(
    """country nation countries nations capitals three four five six البلاد بلاده بلادها دولة الدول دول عواصم ثلاث ثلاثة
    أربع
    أربعة الثلاث الأربع الخمس خمس خمسة جهة الجهة مسؤولة المسؤولة مسؤولون المسؤولون
    he she it they i we his her article text document source sources report figures data estimates estimate
    numbers author writer same latter some many critics
    observers analysts experts officials official هو هي هم أرقام بيانات تقديرات إحصاءات تقدير النص المقال التقرير
    المصدر الكاتب المصادر مصدر مصادر مراقبون
    محللون خبراء البعض نفسه ذاته كثيرون"""
)
# What an announcement makes so: who announces it has done it.
DEEDS = folded_words(
    """sanction sanctions impose imposed suspend suspended suspension resign resigned resignation launch launched close
    closed closure open opening ban banned bans allow extend extended extension postpone postponed cancel cancelled
    canceled withdraw withdrew withdrawal fund funding allocate allocated grant granted appoint appointed appointment
    dismiss dismissed candidacy curfew emergency ceasefire truce amnesty pardon budget plan plans project
    programme program initiative decision agreement deal contract strike boycott recognise recognize recognition merger
    acquisition dissolve dissolved nominate nominated mourning holiday will would raise cut
    عقوبات فرض فرضت تعليق علق علقت استقال استقالة استقالته استقالتها إطلاق أطلق أطلقت إغلاق أغلق أغلقت فتح افتتاح حظر
    حظرت
    تمديد مدد تأجيل أجل إلغاء ألغى ألغت انسحاب انسحابه انسحابها انسحب تمويل تخصيص خصص خصصت منح تعيين عين عينت إقالة أقال
    ترشح ترشحه ترشحها حالة الطوارئ طوارئ هدنة عفو ميزانية موازنة خطة مشروع برنامج مبادرة قرار اتفاق اتفاقية عقد إضراب
    مقاطعة
    الاعتراف اعترافه اندماج استحواذ حل حداد عطلة رفع خفض بدء سيتم ستبدأ سيبدأ"""
)
# What an announcement only reports, however it is worded (أعلن الجيش مقتل عشرين).
EVENTS = folded_words(
    """killed kill kills killing death deaths died dead wounded injured destroyed destroying downed shot captured
    capture
    control seized foiled thwarted rose fell victory won discovered discovery infected cases attack attacked struck
    casualties success succeeded progress growth profit profits losses
    مقتل قتل قتلت قتلى وفاة وفيات إصابة أصيب إصابات جرحى تدمير دمر دمرت إسقاط أسقط أسقطت سيطرة السيطرة سيطرت إحباط
    أحبط أحبطت
    ارتفاع ارتفع ارتفعت انخفاض تراجع تسجيل سجل سجلت اكتشاف اكتشف اكتشفت العثور عثر عثرت نجاح نجح نجحت هجوم قصف قصفت
    استهداف
    استهدف استهدفت انتصار تقدم نمو أرباح خسائر ضبط ضبطت"""
)
POINTING = folded_words("his her its their this that these it them هذا هذه ذلك تلك مقتله وفاته استقالته")
# Believed, thought, estimated: a hedge in the statement does their work.
MODALS = folded_words(
    """may might could perhaps possibly probably likely apparently appears appear seems seem believed thought suspected
    ربما قد يبدو لعل محتمل المحتمل المرجح يحتمل يعتقد يظن"""
)


# Verbs that say it plainly, without making it a matter of opinion or dispute.
PLAIN = ANNOUNCING | folded_words(
    """said says say told report reported reports stated added confirmed noted explained
    قال قالت وقال وقالت ذكر ذكرت وذكر وذكرت أفاد أفادت وأفاد وأفادت أوضح أوضحت وأوضح وأوضحت أضاف أضافت وأضاف وأضافت
    أكد أكدت وأكد وأكدت أشار أشارت وأشار وأشارت صرح صرحت وصرح"""
)
ITSELF = folded_words("it they we he she its their our his her")
ITS = folded_words("its their his her it they")
ITSELF_ARABIC = folded_words("أنه أنها إنه إنها أنهم إنهم بأنه بأنها بأنهم أننا إننا أنهما")
OWN = folded_words("بلاده بلادها إدارته حكومته شركته مؤسسته وزارته قواته فريقه مصرفه حزبه جيشه هيئته منظمته")
SEIZED = folded_words(
    """arrest arrests arrested detention seizure seized dismantled dismantling القبض ضبط توقيف اعتقال تفكيك إحباط
    مصادرة إلقاء"""
)
# What is said with them is a charge, suspicion or opinion: a few of its words are enough to rest on it.
DISPUTING = (
    (CLEAR_ENGLISH - folded_words("say says said saying tell tells told telling")) | CLEAR_ARABIC | ACCUSING_OBJECT
)
BARE_FRAMES = frozenset(bare(word) for word in FRAMES)
BY = folded_words("according بحسب وبحسب وفق وفقا")
PLANNED = folded_words(
    """sanction sanctions agreement deal contract strike decision will would raise cut plan plans project budget
    عقوبات اتفاق قرار حل عقد رفع خفض خطة مشروع ميزانية موازنة"""
)
# Whose business it is to count and record: their figures and reports are what anybody goes by.
OF_RECORD = folded_words(
    """statistics statistical census electoral meteorological seismological firefighters ambulance
    إحصاء الإحصاء إحصاءات انتخابات الانتخابات تعداد أرصاد الأرصاد زلازل إطفاء الإطفاء إسعاف الإسعاف"""
)
GOVERNING = folded_words("ministry government minister cabinet وزارة حكومة وزير رئاسة مجلس")
DOUBTED = folded_words(
    """suspected suspect suspects suspicion alleged allegedly believed believes thought accused accusing accuses
    probably possibly
    likely may might expects expected expect forecast estimates estimated claims claimed denied dispute disputed caused
    because يشتبه مشتبه اشتبه يعتقد يظن متهم متهما متهمة متهمين اتهم اتهمت بتهمة شبهة ربما قد يرجح مرجحا ترجح يتوقع
    تتوقع متوقعا تقدر يقدر زعم تزعم نفى نفت بسبب نتيجة مزاعم"""
)
