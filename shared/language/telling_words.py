"""Words and letters that tell a language from those beside it: what short texts are decided by where letters alone leave a doubt.

Words of languages that share one stand in each of them, so that it speaks for neither against the other. What flashes are made
of is in English more than in others, as most wires' first edition is: a table of results, a list of names and one verb.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

_WORDS = {
    "en": """the of and to in a an is was are were be been by with from for as at on that this it he she they has have had will
        would not no after before over under up down out off its his her their who which says said say tells told urges
        vows warns denies seeks plans buys sells sold issues sets gets wins won beats beat loses lost dies died dead
        killed kills hits hit hurt injured arrested held meets meet meeting talks talk visits arrives leaves resigns quits
        names named elected sworn rises rise rose falls fall fell gains gain drops drop jumps slips slides climbs surges
        soars eases edges raises raised cuts cut lifts keeps holds buy sell deal bid stake shares share stock stocks bond
        bonds profit profits loss losses net earnings revenue revs sales qtr quarter year yr corp inc ltd co plc pct mln
        bln cts vs shr dlr dlrs stg dividend payout sees forecast outlook oil crude gold rate rates bank banks dealers
        sources government minister president court police army troops rebels strike strikes blast bomb quake fire flood
        floods crash plane ship border war truce ceasefire peace election vote poll leader opposition parliament lawmakers
        coach striker goal goals final draw win match team league title season new old first second third two three four
        five six seven eight nine ten more less than may could should must into against amid near since while about
        between during through trade tax budget jobs workers prices price higher lower best record high low market markets
        world cup home away back next last month week day days monday tuesday wednesday thursday friday saturday sunday
        extends extend begin begins start starts end ends ended open opens closes close closed bans ban backs calls call
        ahead due face faces fears fear hopes hope join joins launches launch agree agrees agreement approves approved
        rejects rejected accept accepts signs signed unit units completes completed acquisition merger offer offering
        reports report reported results files filed declares declared debt loan loans tender exports imports output
        production wheat corn coffee sugar grain cocoa steel dollar yen pound sack sacked sacks cancels canceled cancelled
        flights flight sanctions struck missile missiles drone drones""",
    "fr": """le la les l de des du d un une et est sont a à au aux en dans sur pour par avec sans ce cette qui que ne pas plus
        son sa ses il elle ils après avant contre entre selon face vers chez dont mais où été ont avait va vont doit fait
        mort morts tué tués président ministre premier gouvernement grève baisse hausse recule progresse taux pétrole
        bourse cours bénéfice chiffre affaires banque guerre élections police annonce accuse demande appelle quitte bat
        remporte deux trois quatre cinq près année ans jour jours mois semaine nouveau nouvelle séisme incendie attentat
        usine vol accord lundi mardi mercredi jeudi vendredi samedi dimanche veut prix ouverture clôture relève abaisse""",
    "es": """el la los las de del un una y es son a al en con por para sin se su sus que no más este esta lo como pero tras
        sobre entre desde hasta contra según ha han fue será muere mueren muertos heridos presidente ministro gobierno
        huelga cae caen sube suben baja bajan gana pierde petróleo petroleo precio precios bolsa banco guerra elecciones
        policía anuncia acusa pide llama deja dos tres cuatro cinco años año día días mes semana nuevo nueva terremoto
        sismo incendio ataque fábrica acuerdo lunes martes miércoles jueves viernes sábado domingo millones detenido
        detenidos tipos dimite abre cierra""",
    "pt": """o os as de do da dos das um uma e é são a à ao aos em no na nos nas com por para sem se seu sua que não mais este
        esta como mas após apos sobre entre desde até contra segundo foi será morre morrem mortos feridos presidente
        ministro governo greve cai caem sobe sobem ganha perde vence petróleo petroleo preço preços bolsa banco guerra
        eleições polícia anuncia acusa pede chama deixa dois duas três quatro cinco anos ano dia dias mês semana novo nova
        sismo terremoto incêndio incendio ataque fábrica fabrica acordo segunda terça quarta quinta sexta sábado domingo
        milhões mil juros alta queda lucro demite""",
    "it": """il lo la i gli le di del della dei delle degli un una uno e è sono a al alla ai alle in nel nella con per da dal
        dalla su sul sulla non più che si suo sua ma dopo prima contro tra fra secondo ha hanno sarà muore morto morti
        feriti presidente ministro governo sciopero cala cade sale perde vince petrolio prezzo prezzi borsa banca guerra
        elezioni polizia annuncia accusa chiede lascia due tre quattro cinque anni anno giorno giorni mese settimana nuovo
        nuova terremoto incendio attacco fabbrica accordo lunedì martedì mercoledì giovedì venerdì sabato domenica milioni
        tassi calo rialzo ribasso utile vola arriva finale dimette arrestato batte""",
    "ro": """și si de la în in din cu pe pentru un o a al ale este sunt au nu mai că ca care după dupa prin sub între intre
        fără fara lui lor va vor fost s-a cel cea președintele presedintele premierul ministrul guvernul greva crește
        creste scade petrolul prețul pretul bursa banca război razboi alegeri poliția politia anunță anunta cere doi două
        doua trei patru cinci ani an zi zile lună luna nou nouă cutremur incendiu atac fabrică fabrica acord luni marți
        marti miercuri joi vineri sâmbătă duminică milioane morți morti ajuns profit leul față fata euro""",
    "de": """der die das den dem des ein eine einen einem einer und ist sind war wird werden im in an am auf aus bei mit nach
        von vom vor zu zum zur für fuer über ueber unter um durch gegen ohne nicht kein keine mehr als wie auch noch nur
        sich er sie es hat haben seit bis zwischen laut will soll muss kann tote toter verletzte präsident kanzler
        minister regierung streik steigt steigen fällt fallen sinkt sinken gewinnt verliert besiegt schlägt öl ölpreis
        preis preise börse krieg wahl wahlen polizei kündigt fordert warnt zwei drei vier fünf jahr jahre tag tage monat
        woche neu neue neuer erdbeben brand feuer anschlag werk fabrik einigung montag dienstag mittwoch donnerstag
        freitag samstag sonntag millionen milliarden zinsen leitzins hebt senkt erhöht tritt zurück stellt kauft streicht
        ruft beendet""",
    "nl": """de het een en is zijn was wordt worden in op van voor met naar uit bij door over onder tegen zonder niet geen meer
        dan als ook nog maar om te aan tot na sinds tussen volgens wil moet kan dood doden gewonden president premier
        minister kabinet regering staking stijgt stijgen daalt dalen wint verliest verslaat olie olieprijs prijs prijzen
        beurs oorlog verkiezingen politie waarschuwt twee drie vier vijf jaar dag dagen maand week nieuw nieuwe aardbeving
        brand aanslag fabriek akkoord maandag dinsdag woensdag donderdag vrijdag zaterdag zondag miljoen miljard rente
        verhoogt verlaagt schrapt opent lager hoger gevallen banen treedt""",
    "sv": """och i på av för med till från att en ett det den de är var blir har hade ska kan inte som om efter före mot utan
        mellan under över enligt vid när men även nu död döda skadade president statsminister minister regeringen strejk
        stiger faller ökar minskar vinner förlorar slog besegrar olja oljepriset pris priser börsen krig val polisen
        varnar två tre fyra fem år dag dagar månad vecka ny nya nytt jordbävning jordbävningen brand branden attack fabrik
        avtal måndag tisdag onsdag torsdag fredag lördag söndag miljoner miljarder räntan höjer sänker avgår grep får""",
    "da": """og i på af for med til fra at en et det den de er var bliver har havde skal kan ikke som om efter før mod uden
        mellem under over ifølge ved når men også nu død døde sårede præsident statsminister statsministeren minister
        regeringen strejke stiger falder vinder taber slog besejrer olie olieprisen pris priser børsen krig valg politiet
        advarer to tre fire fem år dag dage måned uge ny nye nyt jordskælv brand angreb fabrik aftale mandag tirsdag
        onsdag torsdag fredag lørdag søndag millioner milliarder renten hæver sænker går får procent""",
    "nb": """og i på av for med til fra at en et det den de er var blir har hadde skal kan ikke som om etter før mot uten
        mellom under over ifølge ved når men også nå død døde drepte skadde president statsminister statsministeren
        minister regjeringen streik stiger faller øker vinner taper slo beseirer olje oljeprisen pris priser børsen krig
        valg politiet advarer to tre fire fem år dag dager måned uke ny nye nytt jordskjelv brann angrep fabrikk avtale
        mandag tirsdag onsdag torsdag fredag lørdag søndag millioner milliarder renten hever senker går får prosent""",
    "fi": """ja on ei oli ovat ollut se hän että kun jos myös mutta tai sekä jälkeen ennen kanssa vastaan mukaan yli alle noin
        kuoli kuollut kuollutta presidentti pääministeri ministeri hallitus lakko nousi nousee laski laskee voitti voittaa
        hävisi öljyn öljy hinta hinnat pörssi sota vaalit poliisi varoittaa kaksi kolme neljä viisi vuosi vuoden päivä
        kuukausi viikko uusi maanjäristys palo tulipalo isku tehdas sopimus maanantaina tiistaina keskiviikkona torstaina
        perjantaina lauantaina sunnuntaina miljoonaa miljardia korkoa eroaa nostaa""",
    "pl": """i w we z ze na do od po o za dla przez przy pod nad przed między bez nie jest są był była było się to ten ta że
        jak ale czy już według oraz co który która zginęło zginęła żyje rannych prezydent premier minister rząd strajk
        rośnie rosną spada spadają wygrał wygrała przegrał pokonał pokonała ropa ropy cena ceny giełda wojna wybory
        policja ostrzega dwa dwie dwóch trzy cztery pięć rok roku lat dzień dni miesiąc tydzień nowy nowa trzęsienie pożar
        atak zamach fabryka umowa poniedziałek wtorek środę czwartek piątek sobotę niedzielę mln mld stopy podnosi obniża
        proc""",
    "cs": """a v ve z ze na do od po o za pro přes při pod nad před mezi bez ne je jsou byl byla bylo se si to ten ta že jak
        ale už podle také co který která zemřel zemřela mrtvých zraněných prezident premiér ministr vláda stávka roste
        klesá klesla vyhrál vyhrála prohrál porazil porazila ropa ropy cena ceny burza válka volby policie varuje dva dvě
        tři čtyři pět rok roku let den dní měsíc týden nový nová zemětřesení požár útok továrna dohoda pondělí úterý
        středu čtvrtek pátek sobotu neděli milionů miliard sazby zvýšila snížila""",
    "hu": """a az és hogy nem is egy van volt lesz meg el ki be le fel már csak után előtt szerint miatt ellen között meghalt
        elnök miniszterelnök miniszter kormány sztrájk emelkedett csökkent nyert győzött olaj ára tőzsde háború választás
        rendőrség két három négy öt év nap hónap hét új földrengés tűz támadás gyár hétfőn kedden szerdán csütörtökön
        pénteken""",
    "hr": """i u na za od do s sa po o iz pri pod nad pred bez ne je su bio bila bilo se to da koji koja kao ali već nakon
        prema protiv između umro poginulo predsjednik premijer ministar vlada štrajk raste pada pobijedio nafta cijena rat
        izbori policija dva dvije tri četiri pet godina dan dana mjesec nova novi potres požar napad tvornica""",
    "sk": """a v vo z zo na do od po o za pre cez pri pod nad pred medzi bez nie je sú bol bola bolo sa si to ten tá že ako ale
        už podľa aj čo ktorý ktorá zomrel zomrela prezident premiér minister vláda štrajk rastie klesá vyhral porazil ropa
        cena burza vojna voľby polícia dva dve tri štyri päť rok roka rokov deň dní nový nová zemetrasenie požiar útok""",
    "sl": """in v na za od do s z po o iz pri pod nad pred brez ne je so bil bila bilo se to da ki kot ali že proti med umrl
        predsednik""",
    "ca": """el la els les de del dels un una i és són a al en amb per sense es seu seva que no més aquest aquesta com però
        després sobre entre des fins contra segons ha han mor morts ferits president ministre govern vaga cau puja guanya
        perd petroli preu borsa banc guerra eleccions policia dos dues tres quatre cinc anys any dia dies mes setmana nou
        nova""",
    "tr": """ve bir bu da de ile için göre ama çok daha en kadar sonra önce karşı arasında oldu olarak olan değil var yok etti
        edildi ediyor dedi öldü ölü yaralı cumhurbaşkanı başbakan bakan bakanı hükümet grev yükseldi düştü düşüş arttı
        artırdı kazandı kaybetti yendi petrol fiyatı fiyatları borsa savaş seçim polis uyardı iki üç dört beş yıl gün ay
        hafta yeni deprem yangın saldırı fabrika anlaşma pazartesi salı çarşamba perşembe cuma cumartesi pazar milyon
        milyar faiz faizi yüzde dolar aştı uçuşları iptal istifa""",
    "az": """və bir bu da də ilə üçün görə amma çox daha sonra qədər oldu deyil var yox etdi dedi öldü prezident nazir hökumət
        ildə""",
    "id": """dan di ke dari yang untuk dengan pada ini itu dalam tidak akan telah sudah oleh karena bisa ada adalah juga atau
        lebih setelah sebelum terhadap antara menurut tewas meninggal luka presiden menteri perdana pemerintah mogok naik
        turun menang kalah kalahkan minyak harga bursa bank perang pemilu polisi peringatkan dua tiga empat lima tahun
        hari bulan pekan minggu baru gempa kebakaran serangan pabrik sepakat senin selasa rabu kamis jumat sabtu juta
        miliar bunga suku persen tiba catat rekor tangkap naikkan guncang""",
    "ms": """dan di ke dari yang untuk dengan pada ini itu dalam tidak akan telah sudah oleh kerana boleh ada adalah juga atau
        lebih selepas""",
    "tl": "ang ng sa na mga ay at si ni kay para hindi may mula ito siya sila kung ngunit dahil patay pangulo pamahalaan",
    "sq": "dhe në e i të së me për nga një është janë nuk që si më pas para kundër sipas vdes presidenti kryeministri qeveria",
    "vi": "và của là có cho với không được trong một các người đã sẽ tại từ sau",
    "lv": "un ir ar no par uz pēc pie kas nav bija gada prezidents ministrs valdība",
    "lt": "ir yra su iš į per po prie kad nėra buvo metų prezidentas ministras vyriausybė",
    "et": "ja on ei oli see ta et kui ka aga või pärast enne vastu järgi president peaminister valitsus aasta",
    "is": "og í á af fyrir með til frá að er var ekki sem um eftir við en forseti ríkisstjórn",
    "eu": "eta da du dira ez bat ere izan zen gobernua presidentea",
    "ar": """في من على إلى عن مع أن إن هذا هذه التي الذي بعد قبل ضد بين خلال حتى لم لن لا ما كان كانت قال قالت عاجل مقتل رئيس
        وزير الرئيس الوزير الحكومة النفط سعر أسعار حرب اتفاق يوم عام مليون مليار""",
    "fa": """در از به با که را این آن برای تا بر است شد شدند کرد کردند می نمی های هم پس پیش بین علیه گفت کشته رئیس وزیر دولت
        نفت قیمت جنگ توافق روز سال ماه میلیون میلیارد دو سه چهار پنج خبر داد نخست جمهور یک بود خواهد""",
    "ur": """میں کے کی کا کو نے سے پر ہے ہیں تھا تھی ہو گیا گئی گئے اور یہ وہ جو بھی نہیں تک کر دیا دی لیے بعد ایک دو تین چار
        پانچ صدر وزیراعظم حکومت ہلاک پولیس جنگ تیل""",
    "ru": """и в во на с со к по о об из за от до для при под над не что это как но а или после перед против между его её их
        был была было были есть года году лет президент премьер министр правительство забастовка вырос упал нефть цена
        цены война выборы полиция два две двое три четыре пять млн млрд понедельник вторник среду четверг пятницу""",
    "uk": """і й в у на з із зі до по про від за для при під над не що це як але а або після перед проти між його її їх був
        була було були є року років президент прем'єр міністр уряд страйк нафта ціна ціни війна вибори поліція два дві
        двоє три чотири п'ять млн млрд понеділок вівторок середу четвер""",
    "bg": """и в във на с със към по за от до из при под над не че това как но или след пред срещу между той тя те беше са е ще
        се година години президент премиер министър правителство стачка петрол цена цени война избори полиция два две три
        четири пет""",
    "sr": """и у на са с к по за од до из при под над не да то као али или после пре против између је су био била било се ће
        година председник премијер министар влада штрајк нафта цена рат избори полиција два две три четири пет""",
    "hi": """में के की का को ने से पर है हैं था थी थे हो गया गई गए और यह वह जो भी नहीं तक कर दिया दी किया लिए बाद एक दो तीन कहा
        मौत पुलिस सरकार पहुंचे गिरीं""",
    "mr": "मध्ये आहे आहेत आणि चा ची चे च्या होते होता झाला झाली झाले केली केले नाही या हा ही हे तर म्हणून पोलिस सरकारने",
}  # fmt: skip

#: a letter that only these write among the languages of its script
LETTERS: Mapping[str, tuple[str, ...]] = {
    letter: tuple(languages.split())
    for letters, languages in (
        ("ټډړږښګڼې", "ps"), ("ڕڵێۆ", "ku"), ("ٹڈڑےہھں", "ur"), ("پچژگ", "fa ur ku ps"),
        ("іїєґ", "uk"), ("ў", "be"), ("ђћљњџј", "sr mk"), ("ѓќѕ", "mk"), ("ыэё", "ru be"),
        ("ß", "de"), ("ñ", "es eu tl"), ("ãõ", "pt"), ("łżźśćńąę", "pl"), ("řěů", "cs"), ("ğış", "tr az"), ("ə", "az"),
        ("șță", "ro"), ("őű", "hu"), ("þð", "is"),
        ("æ", "da nb is"), ("ø", "da nb"), ("å", "sv da nb fi"), ("œ", "fr"), ("ľĺŕ", "sk"), ("đ", "hr vi"),
    )
    for letter in letters
}  # fmt: skip


def _by_word() -> Mapping[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for language, words in _WORDS.items():
        for word in words.split():
            found[word].add(language)
    return {word: frozenset(languages) for word, languages in found.items()}


#: which languages a word speaks for, in small letters
WORDS: Mapping[str, frozenset[str]] = _by_word()
