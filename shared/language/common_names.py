"""Names that texts of every language have in common, and that say nothing of the language they stand in.

Written as English writes them: what Germans call `Wien` tells German, `Vienna` tells nothing that its neighbours do not.
"""

from __future__ import annotations

from collections.abc import Sequence

#: of several words; `|` between them
_OF_SEVERAL = """
abu dhabi|abu mazen|ac milan|addis ababa|air france|air liquide|ajax amsterdam|al jazeera|al qaeda|al shabaab|
as roma|athletic bilbao|atletico madrid|atlético madrid|ballon d'or|banca intesa|banco bilbao vizcaya|banco bpm|
banco de chile|banco do brasil|banco popular|banco santander|bayer leverkusen|bayern munich|bin laden|bin salman|
bnp paribas|boca juniors|boko haram|borussia dortmund|borussia moenchengladbach|buenos aires|burkina faso|cabo verde|
cape town|cape verde|casa rosada|celta vigo|champions league|champs elysees|club brugge|copa america|copa américa|
copa del rey|copa libertadores|coppa italia|corriere della sera|costa rica|cote d'ivoire|credit agricole|
credit lyonnais|credit suisse|crédit agricole|côte d'ivoire|da silva|da vinci|dar es salaam|de beers|de bruyne|
de gaulle|de guindos|de kirchner|de la cruz|de la rua|de minaur|de mistura|de niro|del potro|del toro|der spiegel|
deutsche bahn|deutsche bank|deutsche boerse|deutsche börse|deutsche post|deutsche telekom|di maria|di matteo|die welt|
die zeit|dinamo bucharest|dinamo zagreb|dos santos|east timor|eintracht frankfurt|el mundo|el pais|el paso|el país|
el salvador|europa league|giro d'italia|grand prix|grand slam|guinea bissau|hamad bin|hertha berlin|ho chi minh|
hong kong|inter miami|inter milan|intesa sanpaolo|ivory coast|kim jong un|klm royal|kuala lumpur|l'oreal|l'oréal|
la liga|la paz|la poste|la repubblica|la rochelle|la stampa|laliga|las vegas|le figaro|le mans|le monde|le pen|
leonardo da vinci|ligue 1|ligue un|los angeles|lula da silva|marine le pen|mohammed bin salman|monte carlo|
monte dei paschi|new delhi|new jersey|new mexico|new orleans|new york|new zealand|north korea|notre dame|
olympique lyon|olympique marseille|palme d'or|papua new guinea|paris roubaix|paris saint germain|paris st germain|
petroleo brasileiro|petroleos de venezuela|petroleos mexicanos|petróleo brasileiro|petróleos de venezuela|phnom penh|
port au prince|porto alegre|premier league|psv eindhoven|puerto rico|quai d'orsay|ras al khaimah|rayo vallecano|
rb leipzig|real betis|real madrid|real sociedad|red bull|rio de janeiro|rio tinto|river plate|roland garros|
saint gobain|saint petersburg|san antonio|san diego|san francisco|san jose|san juan|san marino|san salvador|santa fe|
santa monica|santiago de compostela|santo domingo|sao paulo|saudi arabia|schalke 04|schneider electric|serie a|
serie b|shin bet|sierra leone|slavia prague|societe generale|société générale|south africa|south korea|sparta prague|
sporting lisbon|sri lanka|st petersburg|steaua bucharest|são paulo|tel aviv|telecom italia|ter stegen|timor leste|
tour de france|ursula von der leyen|van aert|van der bellen|van der poel|van dijk|van gogh|van rompuy|von der leyen|
vuelta a espana|vuelta a españa|werder bremen|xi jinping
"""
#: of one word
_OF_ONE = """
aarhus abbas abe abuja acapulco accra aden adidas afghanistan afp africa airbus ajax alain albania alcaraz aleppo alexandria
algeria algiers alibaba allegri allianz almaty alonso alphabet amazon america amman amsterdam ancelotti andorra angola ankara
ansa antarctica antwerp aoun ap apple april araghchi aramco arctic argentina armenia arsenal asia asml assad astana
astrazeneca asuncion athens atlanta atlantic auckland audi august australia austria azerbaijan bab babis baerbock baghdad
bahrain baidu baku bali bamako bangkok bangladesh barcelona bardot barnier basel basf basra bayer bayrou bbc bbva beijing
beirut belarus belfast belgium belgrade bellingham benfica benghazi benzema bergen berlin berlusconi bern beryl besiktas
beyonce bezos biden bilbao biles biontech birkin birmingham bitcoin bmw boeing bogota bolivia bologna bolsonaro bolt
bombardier bordeaux boric bosch bosnia boston botswana bovespa bp brasilia bratislava brazil bremen brent brexit brisbane
britain brondby brussels bucharest budapest bulgaria bundesliga burundi bush cairo caixabank cambodia cameroon canada canberra
cannes caracas carlsen carrefour casablanca catalonia celtic chad chelsea chevron chicago chile china chirac chisinau cia
citroen clinton cnn cologne colombia colombo commerzbank comoros congo copenhagen corinthians covid crimea croatia cuba cyprus
daimler dakar dallas damascus danone davos dax december delhi delon denmark denver deschamps detroit dhaka disney djibouti
djokovic doha donbas donetsk dortmund dpa draghi dresden dubai dublin duda duplantis durban dusseldorf easyjet ecb ecuador
edinburgh efe egypt eindhoven embraer emirates enel england eni equinor erdogan eredivisie ericsson eritrea estonia ethereum
ethiopia eu euro europe euros everton exxon facebook fbi fed federer feijoo fenerbahce ferrari feyenoord fiat fico fifa fiji
finland finnair flamengo florence ford france frankfurt ftse gabon galatasaray gallant gambia gates gauff gaza gazprom gdansk
geneva georgia georgieva germany getafe ghana glasgow glencore google gothenburg graz greece greenland griezmann guardiola
guatemala guinea gukesh guterres guyana haaland habeck haftar haiti halep hamas hamburg hamilton haniyeh hanoi hanover harare
hariri harris havana heineken helene helsinki hermes hezbollah hizbollah hollande honda honduras hormuz houston houthi houthis
huawei hungary hyundai iberdrola iberia ibex ibm iceland ikea imf india inditex indonesia ing instagram intel inter iran iraq
ireland ishiba isis islamabad israel istanbul italy izmir jakarta jamaica january japan jeddah jerusalem jinping johannesburg
johnson jordan juventus kabul kampala kane karachi kashmir kathmandu katrina kazakhstan kenya kering khamenei khan kharkiv
khartoum kherson kiev kigali kim kinshasa kishida klm klopp kohl kolkata kosovo krakow kremlin kuwait kyiv kyrgyzstan lagarde
lagos lahore lamborghini laos latvia lavrov lazio lebanon leclerc leeds lego leipzig lesotho lewandowski liberia libya
liechtenstein lille lima lisbon lithuania liverpool ljubljana lodz london luanda lufthansa lukoil lula luxembourg lviv lvmh
lyon macron madagascar madonna madrid maduro maersk malaga malawi malaysia mali malmo malta manama manchester mandela manila
maputo mariupol marseille mastercard mattarella mauritania mauritius mazda mbappe mbappé medellin medvedev melbourne meloni
mercedes merkel merz messi meta mexico miami michelin microsoft milan milei milton minsk mitsubishi mitterrand moderna modi
modric molde moldova mombasa monaco mongolia montenegro montevideo montreal monza morocco moscow mossad mosul mourinho
mozambique mumbai munich muscat musk myanmar nadal nairobi namibia nantes naples napoli nasa nasdaq nasrallah nato nepal
nestle netanyahu netflix netherlands newcastle neymar nicaragua nice niger nigeria nike nikkei nissan nokia nordisk norris
norway novartis november novo nuremberg nvidia obama odesa odessa olympiakos oman opec opel oracle orange orban orsted osaka
osasuna oslo ottawa pacific pakistan palermo palestine palmeiras panama panathinaikos paraguay paris pdvsa pemex pentagon
pepsi perth peru peskov petro petrobras peugeot pezeshkian pfizer philadelphia philips phoenix pogacar poland porsche porto
portugal powell prague pretoria pristina psv puma putin pyongyang qatar quito rabat raisi rajoy ramallah ramaphosa ramstein
rangers renault repsol reuters rheinmetall riga riyadh roche roma romania rome ronaldo rosenborg rosneft rotterdam rouhani
rubio russia ruto rutte rwanda ryanair saab sabalenka sabic saied salah salvini salzburg samsung sanaa sanchez santander
santiago santos sarajevo sarkozy sberbank scaloni scholz schumacher scorsese scotland seattle senegal sensex seoul september
serbia sevilla seville seychelles shakira shanghai sharif sheinbaum shell siemens singapore sinner sinwar sisi skopje slovakia
slovenia sofia softbank somalia sony spain spielberg sporting spotify starbucks starmer steinmeier stellantis stockholm
stoltenberg strasbourg stuttgart sudan suez sunak suriname sweden swiatek swift switzerland sydney syria taiwan tajikistan
taliban tallinn tanzania tashkent tass taylor tbilisi tebboune tehran telefonica tencent tesla thailand thatcher thessaloniki
thyssenkrupp tibet tijuana tiktok tinubu tirana togo tokyo toronto totalenergies tottenham toulouse toyota tripoli trump truss
tsitsipas tsmc tunis tunisia turin turkey turkmenistan tusk ubs uefa uganda ukraine un unicredit unilever uruguay utrecht
uzbekistan vale valencia vance vancouver vanuatu vatican venezuela venice verstappen vestas vettel vienna vietnam villarreal
vilnius vingegaard vinicius visa vivendi vodafone volkswagen volvo wales warsaw washington wellington whatsapp who wimbledon
wti wto xi xiaomi xinhua xinjiang yamal yangon yemen yerevan yoon zagreb zambia zara zelenskiy zelensky zelenskyy zidane
zimbabwe zuckerberg zurich zverev
"""

_WORDS_OF_NAMES = {
    *(tuple(name.split()) for name in _OF_SEVERAL.replace("\n", "").split("|")),
    *((word,) for word in _OF_ONE.split()),
}
#: by their first word, the longest first: words in small letters
NAMES: dict[str, list[tuple[str, ...]]] = {}
for _name in sorted(_WORDS_OF_NAMES, key=lambda words: (-len(words), words)):
    NAMES.setdefault(_name[0], []).append(_name)


#: what joins the words of a name, in many languages' names in every language
PARTICLES = frozenset(
    [
        "de",
        "del",
        "della",
        "delle",
        "dei",
        "di",
        "da",
        "do",
        "dos",
        "das",
        "du",
        "des",
        "van",
        "von",
        "der",
        "den",
        "zu",
        "la",
        "le",
        "el",
        "al",
        "y",
        "e",
        "bin",
        "ibn",
        "af",
        "ter",
    ]
)


def without_names(words: Sequence[str]) -> list[str]:
    """Those of a text's words that are not in a common name. A name begins with a capital; what joins two capitals is in one."""
    small = " ".join(words).lower().split()
    within: set[int] = set()
    for at, word in enumerate(small):
        if word in NAMES and at not in within and word != words[at]:
            size = next((len(name) for name in NAMES[word] if tuple(small[at : at + len(name)]) == name), 0)
            within.update(range(at, at + size))
        elif word in PARTICLES and word == words[at] and _joins_capitals(words, at):
            within.add(at)
    return [word for at, word in enumerate(words) if at not in within] if within else list(words)


def _joins_capitals(words: Sequence[str], at: int) -> bool:
    return 0 < at < len(words) - 1 and words[at - 1][0].isupper() and words[at + 1][0].isupper()
