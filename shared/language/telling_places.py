"""Countries, their people and cities as each language calls them: they tell it as its other words do, and have capitals."""

from __future__ import annotations

#: in small letters, by language
BY_LANGUAGE = {
    "en": """germany spain italy france greece turkey poland sweden norway denmark finland switzerland austria belgium
        netherlands hungary romania ukraine russia brazil japan egypt morocco lebanon syria iraq london moscow beijing
        brussels vienna athens warsaw prague lisbon copenhagen cairo geneva munich cologne rome milan venice naples
        american british russian chinese german french italian spanish portuguese israeli iranian iraqi syrian egyptian
        lebanese saudi turkish greek polish swedish norwegian danish finnish swiss dutch belgian austrian hungarian
        romanian ukrainian japanese korean indian pakistani indonesian australian canadian mexican brazilian argentine
        colombian venezuelan nigerian kenyan ethiopian libyan serbian croatian georgian estonian latvian european african
        asian arab palestinian kurdish""",
    "fr": """allemagne espagne italie grèce turquie pologne suède norvège danemark finlande suisse autriche belgique pays-bas
        hongrie roumanie russie brésil chine japon inde égypte egypte maroc algérie tunisie liban syrie irak etats-unis
        états-unis angleterre londres moscou pékin bruxelles vienne athènes varsovie lisbonne copenhague caire genève rome
        venise bucarest jérusalem russe russes chinois allemand allemande américain américaine britannique israélien
        israélienne français française italien espagnol tchad cameroun éthiopie ethiopie érythrée somalie soudan ouganda
        tanzanie zambie mozambique libye mauritanie sénégal guinée gambie libéria bénin niger nigéria gabon congo afrique
        asie europe amérique mexique colombie équateur pérou bolivie chili argentine uruguay haïti jamaïque cuba corée
        corées thaïlande viêt-nam vietnam birmanie malaisie indonésie philippines singapour cambodge pakistan afghanistan
        ouzbékistan géorgie arménie azerbaïdjan biélorussie moldavie serbie croatie slovénie slovaquie bosnie albanie
        bulgarie estonie lettonie lituanie islande irlande écosse galles chypre malte jordanie arabie saoudite émirats
        koweït bahreïn yémen oman népal mongolie australie nouvelle-zélande londonien bavière catalogne néerlande québec
        cisjordanie""",
    "es": """alemania españa francia grecia turquía polonia suecia noruega dinamarca finlandia suiza bélgica países hungría
        rumanía rumania ucrania rusia japón egipto marruecos argelia túnez líbano siria irak irán eeuu inglaterra londres
        moscú pekín bruselas viena atenas varsovia ginebra bucarest jerusalén cairo brasil china ruso rusa chino alemán
        alemana estadounidense israelí francés francesa italiano británico español española camerún etiopía eritrea
        somalia sudán uganda tanzania zambia mozambique libia mauritania guinea gambia benín níger gabón áfrica asia
        europa américa méxico perú haití jamaica corea coreas tailandia vietnam birmania malasia indonesia filipinas
        singapur camboya pakistán afganistán uzbekistán kazajistán georgia armenia azerbaiyán bielorrusia moldavia serbia
        croacia eslovenia eslovaquia bosnia bulgaria estonia letonia lituania islandia irlanda escocia gales chipre malta
        jordania arabia saudí emiratos kuwait baréin yemen omán nepal australia zelanda baviera cataluña galicia holanda
        cisjordania""",
    "pt": """alemanha espanha frança itália grécia turquia polónia polônia suécia noruega dinamarca finlândia suíça bélgica
        holanda hungria roménia romênia ucrânia rússia japão egito egipto marrocos argélia tunísia líbano síria iraque
        irão irã eua inglaterra londres moscovo moscou pequim bruxelas viena atenas varsóvia lisboa genebra bucareste
        brasil russo russa chinês alemão alemã americano israelita israelense francês francesa italiano britânico
        português portuguesa brasileiro brasileira chade camarões etiópia eritreia somália sudão uganda tanzânia zâmbia
        moçambique líbia mauritânia guiné gâmbia benim níger gabão áfrica ásia europa américa méxico colômbia equador
        bolívia haiti jamaica coreia coreias tailândia vietname vietnã birmânia malásia indonésia filipinas singapura
        camboja paquistão afeganistão uzbequistão cazaquistão geórgia arménia armênia azerbaijão bielorrússia moldávia
        sérvia croácia eslovénia eslovênia eslováquia bósnia bulgária estónia estônia letónia letônia lituânia islândia
        irlanda escócia gales chipre jordânia arábia saudita emirados iémen iêmen omã nepal austrália zelândia baviera
        catalunha angola brasília cisjordânia""",
    "it": """germania spagna francia grecia turchia polonia svezia norvegia danimarca finlandia svizzera belgio olanda ungheria
        romania ucraina brasile cina giappone egitto marocco libano siria stati inghilterra londra parigi berlino mosca
        pechino bruxelles atene varsavia praga lisbona ginevra bucarest gerusalemme russo russa cinese tedesco tedesca
        americano israeliano francese italiano italiana britannico spagnolo portogallo indonesia ciad camerun etiopia
        eritrea sudan tanzania mozambico libia mauritania guinea nigeria gabon africa europa messico colombia ecuador perù
        bolivia cile giamaica corea coree thailandia vietnam birmania malesia filippine singapore cambogia afghanistan
        uzbekistan kazakistan azerbaigian bielorussia moldavia serbia croazia slovenia slovacchia bosnia estonia lettonia
        lituania islanda irlanda scozia galles cipro giordania arabia saudita emirati bahrein yemen oman nepal nuova
        zelanda baviera catalogna sardegna sicilia puglia lombardia toscana cisgiordania ue""",
    "ro": """germania spania franța italia grecia turcia polonia suedia norvegia danemarca elveția belgia olanda ungaria
        ucraina rusia brazilia japonia egipt maroc liban siria irak sua anglia londra moscova beijing bruxelles viena
        atena varșovia lisabona bucurești rus rusă chinez german germană american israelian francez italian britanic român
        română ciad camerun etiopia somalia tanzania zambia mozambic libia guineea nigeria gabon africa asia europa mexic
        columbia ecuador peru jamaica coreea coreei thailanda vietnam birmania malaezia indonezia filipine singapore
        cambodgia afganistan uzbekistan kazahstan armenia azerbaidjan belarus moldova serbia croația slovenia slovacia
        bosnia bulgaria estonia letonia lituania islanda irlanda scoția cipru iordania arabia saudită emirate yemen
        bavaria catalonia ue""",
    "de": """deutschland spanien frankreich italien griechenland türkei polen schweden norwegen dänemark finnland schweiz
        österreich belgien niederlande ungarn rumänien russland brasilien china japan indien ägypten marokko libanon
        syrien irak usa england moskau peking brüssel wien athen warschau prag lissabon kopenhagen kairo genf köln münchen
        rom mailand venedig bukarest jerusalem russische russischer russischen chinesische deutsche deutscher deutschen
        amerikanische israelische französische tschad kamerun äthiopien eritrea somalia sudan tansania sambia mosambik
        libyen mauretanien guinea benin nigeria gabun kongo afrika asien europa amerika mexiko kolumbien ecuador bolivien
        argentinien haiti jamaika kuba südkorea nordkorea thailand vietnam birma indonesien philippinen singapur
        kambodscha usbekistan kasachstan georgien armenien aserbaidschan belarus moldau serbien kroatien slowenien
        slowakei bosnien albanien bulgarien estland lettland litauen island irland schottland wales zypern jordanien
        saudi-arabien emirate kuwait jemen nepal australien neuseeland bayern sachsen hessen katalonien sizilien
        westjordanland eu""",
    "nl": """duitsland spanje frankrijk italië griekenland turkije polen zweden noorwegen denemarken zwitserland oostenrijk
        belgië nederland hongarije roemenië oekraïne rusland brazilië egypte marokko libanon syrië irak vs engeland londen
        moskou peking brussel wenen athene warschau praag lissabon kopenhagen genève keulen parijs boekarest poetin
        zelensky russische chinese duitse amerikaanse israëlische franse nederlandse tsjaad kameroen ethiopië somalië
        soedan oeganda tanzania zambia mozambique libië mauritanië guinee gabon afrika azië europa amerika mexico bolivia
        argentinië haïti jamaica zuid-korea noord-korea thailand indonesië filipijnen singapore cambodja oezbekistan
        kazachstan georgië armenië azerbeidzjan wit-rusland moldavië servië kroatië slovenië slowakije bosnië albanië
        bulgarije estland letland litouwen ijsland ierland schotland cyprus jordanië saudi-arabië saoedi-arabië emiraten
        koeweit jemen australië nieuw-zeeland beieren catalonië sicilië eu""",
    "sv": """tyskland spanien frankrike italien grekland turkiet polen sverige norge danmark schweiz österrike belgien
        nederländerna ungern rumänien ukraina ryssland brasilien kina japan indien egypten marocko libanon syrien irak usa
        england moskva peking bryssel wien aten warszawa prag lissabon köpenhamn genève rom ryska ryske kinesiska tyska
        tyske amerikanska israeliska franska svenska svensk svenske tchad kamerun etiopien sudan libyen mauretanien afrika
        asien europa amerika mexiko colombia bolivia argentina sydkorea nordkorea thailand indonesien filippinerna
        singapore kambodja uzbekistan kazakstan georgien armenien azerbajdzjan belarus moldavien serbien kroatien
        slovenien slovakien bosnien albanien bulgarien estland lettland litauen island irland skottland cypern jordanien
        saudiarabien emiraten jemen australien bayern katalonien sicilien eu nato-""",
    "da": """tyskland spanien frankrig italien grækenland tyrkiet polen sverige norge danmark schweiz østrig belgien holland
        ungarn rumænien ukraine rusland brasilien kina japan indien egypten marokko libanon syrien irak usa england london
        moskva beijing bruxelles wien athen warszawa prag lissabon københavn genève rom russiske kinesiske tyske
        amerikanske israelske franske danske dansk tchad etiopien sudan libyen afrika asien europa amerika mexico colombia
        argentina sydkorea nordkorea thailand indonesien filippinerne cambodja usbekistan kasakhstan georgien armenien
        aserbajdsjan hviderusland moldova serbien kroatien slovenien slovakiet bosnien albanien bulgarien estland letland
        litauen island irland skotland cypern jordan saudi-arabien emirater yemen australien bayern catalonien grønland
        færøerne eu""",
    "nb": """tyskland spania frankrike italia hellas tyrkia polen sverige norge danmark sveits østerrike belgia nederland
        ungarn romania ukraina russland brasil kina japan india egypt marokko libanon syria irak usa england london moskva
        beijing brussel wien aten warszawa praha lisboa københavn genève roma russiske kinesiske tyske amerikanske
        israelske franske norske norsk tsjad etiopia sudan libya afrika asia europa amerika mexico colombia argentina
        sør-korea nord-korea thailand indonesia filippinene kambodsja usbekistan kasakhstan georgia armenia aserbajdsjan
        hviterussland moldova serbia kroatia slovenia slovakia bosnia albania bulgaria estland latvia litauen island
        irland skottland kypros jordan saudi-arabia emirater jemen australia bayern catalonia grønland svalbard eu""",
    "fi": """saksa saksan espanja espanjan ranska ranskan italia italian kreikka kreikan turkki turkin puola puolan ruotsi
        ruotsin norja norjan tanska tanskan suomi suomen sveitsi sveitsin itävalta belgia alankomaat unkari ukraina
        ukrainan venäjä venäjän venäläinen brasilia kiina kiinan japani japanin intia egypti libanon syyria yhdysvallat
        yhdysvaltain usa britannia englanti lontoo moskova moskovan peking pariisi pariisin wien ateena varsova
        kööpenhamina tukholma saksalainen ranskalainen suomalainen tšad tšadissa etiopia etiopian somalia somalian sudan
        sudanin libya libyan afrikka afrikan aasia euroopan eurooppa amerikan meksiko meksikon kolumbia argentiina
        argentiinan etelä-korea pohjois-korea thaimaa indonesia indonesian filippiinit georgia georgian armenia
        valko-venäjä moldova serbia serbian kroatia slovenia bosnia albania bulgaria viro viron latvia latvian liettua
        liettuan islanti irlanti irlannin skotlanti kypros jordania saudi-arabia jemen jemenin australia australian
        israelin iranin irakin gazassa gazan kiovassa berliinissä lontoossa pariisissa moskovassa tukholmassa brysselissä
        eu:n naton""",
    "pl": """niemcy niemiec hiszpania hiszpanii francja francji włochy włoch grecja grecji turcja turcji polska polski polsce
        szwecja szwecji norwegia dania szwajcaria austria belgia holandia węgry rumunia ukraina ukrainy ukrainie rosja
        rosji brazylia chiny chin japonia japonii indie egipt liban syria irak usa anglia londyn londynie moskwa moskwie
        pekin pekinie paryż paryżu bruksela brukseli wiedeń ateny warszawa warszawie rosyjski rosyjska niemiecki niemiecka
        amerykański izraelski francuski czad czadzie kamerun etiopia etiopii somalia sudan sudanie libia libii nigeria
        nigerii gabon gabonie afryka afryce azja europa europie ameryka ameryki meksyk meksyku kolumbia kolumbii argentyna
        argentynie korea korei tajlandia indonezja indonezji filipiny uzbekistan kazachstan gruzja gruzji armenia białoruś
        białorusi mołdawia mołdawii serbia serbii chorwacja słowenia słowacja słowacji bośnia albania bułgaria estonia
        łotwa litwa litwy islandia irlandia irlandii szkocja cypr jordania arabia jemen jemenie australia australii
        bawaria sycylia iranie iranu izraelu gazie strefie kijowie kijów lwów berlinie ue""",
    "cs": """německo německa španělsko španělsku francie francii itálie itálii řecko řecku turecko turecku polsko polsku
        švédsko norsko dánsko švýcarsko rakousko belgie maďarsko rumunsko ukrajina ukrajině ukrajiny rusko ruska ruský
        brazílie brazílii čína čínský japonsko egypt libanon sýrie irák usa anglie londýn londýně moskva moskvě peking
        paříž paříži brusel bruselu vídeň atény varšava praha praze německý americký izraelský francouzský český čad čadu
        etiopie etiopii somálsko súdán súdánu libye libyi nigérie afrika africe asie evropa evropě amerika mexiko mexiku
        kolumbie argentina argentině korea thajsko indonésie filipíny uzbekistán kazachstán gruzie gruzii arménie
        ázerbájdžán bělorusko bělorusku moldavsko srbsko srbsku chorvatsko chorvatsku slovinsko slovensko slovensku bosna
        albánie bulharsko estonsko lotyšsko litva island irsko skotsko kypr jordánsko arábie jemen jemenu austrálie
        bavorsko sicílie íránu íránem izraeli gaze kyjev kyjevě berlíně eu""",
    "tr": """almanya ispanya fransa italya yunanistan türkiye polonya isveç norveç danimarka finlandiya isviçre avusturya
        belçika hollanda macaristan romanya ukrayna rusya brezilya çin japonya hindistan mısır fas lübnan suriye ırak abd
        ingiltere londra moskova pekin paris brüksel viyana atina varşova kahire rus alman amerikan israil israilli
        fransız türk çad etiyopya somali sudan libya nijerya gabon kongo afrika asya avrupa amerika meksika kolombiya
        arjantin şili küba kore tayland endonezya filipinler singapur kamboçya özbekistan kazakistan gürcistan ermenistan
        azerbaycan belarus moldova sırbistan hırvatistan slovenya slovakya bosna arnavutluk bulgaristan estonya letonya
        litvanya izlanda irlanda iskoçya kıbrıs ürdün suudi arabistan bae kuveyt yemen katar nepal avustralya bavyera
        katalonya sicilya kudüs gazze batı şeria ab""",
    "id": """jerman spanyol prancis italia yunani turki polandia swedia norwegia denmark swiss austria belgia belanda ukraina
        rusia brasil china cina jepang india mesir maroko lebanon suriah irak inggris moskow beijing brussel wina athena
        korsel korut malaysia filipina singapura vietnam thailand amerika arab israel ri as chad etiopia somalia sudan
        libia afrika asia eropa meksiko kolombia argentina korea selatan utara kamboja uzbekistan kazakhstan georgia
        armenia belarus serbia kroasia slovenia bosnia albania bulgaria estonia latvia lituania islandia irlandia
        skotlandia siprus yordania yaman uea australia selandia papua jawa sumatra bali aceh jakarta surabaya bandung gaza
        tepi barat ue""",
}  # fmt: skip
