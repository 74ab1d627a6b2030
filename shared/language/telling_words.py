"""Words and letters that tell a language from those beside it: what short texts are decided by where letters alone leave a doubt.

Words of languages that share one stand in each of them, so that it speaks for neither against the other. What flashes are made
of is in English more than in others, as most wires' first edition is: a table of results, a list of names and one verb.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from shared.language.telling_places import BY_LANGUAGE

_WORDS = {
    "en": """the of and to in a an is was are were be been by with from for as at on that this it he she they has have had will
        would not after before over under up down out off its his her their who which says said say tells told urges vows
        warns denies seeks plans buys sells sold issues sets gets wins won beats beat loses lost dies died dead killed
        kills hits hit hurt injured arrested held meets meet meeting talks talk visits arrives leaves resigns quits names
        named elected sworn rises rise rose falls fall fell gains gain drops drop jumps slips slides climbs surges soars
        eases edges raises raised cuts cut lifts keeps holds buy sell deal bid stake shares share stock stocks bond bonds
        profit profits loss losses net earnings revenue revs sales qtr quarter year yr corp inc ltd co plc pct mln bln cts
        vs shr dlr dlrs stg dividend payout sees forecast outlook oil crude rate rates banks dealers sources government
        court police army troops rebels strike strikes blast bomb quake fire flood floods crash plane ship border war
        truce ceasefire peace election vote poll leader opposition parliament lawmakers coach striker goal goals draw win
        league title season new old first second third two three four five six seven eight nine ten more less than may
        could should must into against amid near since while about between during through trade tax jobs workers prices
        price higher lower best high low market markets world cup home away back next last month week day days monday
        tuesday wednesday thursday friday saturday sunday extends extend begin begins start starts end ends ended opens
        closes close closed bans ban backs calls call ahead due face faces fears fear hopes hope join joins launches
        launch agree agrees agreement approves approved rejects rejected accept accepts signs signed unit units completes
        completed acquisition merger offer offering reports report reported results files filed declares declared debt
        loan loans tender exports imports output wheat corn coffee sugar grain cocoa steel yen pound sack sacked sacks
        cancels canceled cancelled flights flight sanctions struck missile missiles drone drones storm hurricane drought
        heatwave blackout outage hospital doctors doctor school schools trial judge prison jail jailed murder victims
        victim missing found rescue rescued soldiers attack attacks attacked law party champion champions game player
        players actor actress singer song sign visit visiting slams blasts finds reveals unveils recalls shuts shut
        reopens convicts convicted guilty charged charges sues sued probe probes inquiry landslide wildfire wildfires
        explosion shooting gunman suspect suspects bus train trains airport weather today yesterday tomorrow first-half
        injury wounded fired hires hired appoints appointed warned scores scored beaten thrash stun stuns edge knock
        knocked signing tops top reaches reach makes make landfall picks pick suspends suspended weakens strengthens
        widens narrows misses forecasts estimates upgrade downgrade downgraded slump tumble tumbles plunge plunges rallies
        speak speaks spoke speech result buyback burn burns burned carnival winner winners summit ousted ouster quit
        retires retire retired step steps stepping resign resigned resignation appoint appointment nominee nominates
        hearing hearings ruling rules ruled lawsuit lawsuits verdict sentence sentenced years freed release releases
        released plea pleads appeal appeals appealed custody stabbing stabbed shoots shot dozens hundreds thousands toll
        injures wound wounds evacuated evacuate evacuation typhoon earthquake tremor snow snowstorm heat wave rain rains
        rainfall erupts eruption mudslide avalanche collapse collapses collapsed bridge building fires blaze firefighters
        derail derails derailed sinks sinking capsizes feared outbreak cases deaths health hospitals patients nurses
        walkout union unions pay wages hike hikes rising unemployment inflation growth slows slow shrinks economy gdp
        recession deficit surplus spending revenues income earns view views guidance shareholders shareholder investor
        investors stakeholder board chairman chief executive ceo cfo officer stockholder holders holding company companies
        firm firms maker corporation industries systems technologies products services holdings partners power pipeline
        refinery barrel barrels drilling well wells fields field mining mines miners metals copper aluminum futures
        trading traders trader equities yield yields treasury treasuries currency peg floats devalues devalued weaker
        stronger firmer flat mixed little changed early late midday morning tuesday's week's year's fiscal first-quarter
        second-quarter third-quarter fourth-quarter half-year annual monthly weekly daily seen sought wants want need
        needs ask asks asked answer answers reply replies react reacts comment comments statement statements quoted quotes
        telling hails praises praised blames blamed accuses accused denied scraps scrapped shelves delays delayed
        postpones postponed moves moved turns turned brings brought takes took taken gives gave given goes went gone comes
        came left stays stay stayed remain remains keep kept lets let puts put run runs ran running race races racing lead
        leads led leading behind trails winning losing draws drew ties tied victory defeat defeats defeated knocks crashes
        crashed sidelined returns return returned comeback extension squad lineup quarter-final semi-final finals round
        rounds second-round opening closing ceremony medal medals swimmer cyclist fight belt crown crowned heavyweight
        bowl playoffs singer's songs movie movies box award awards shows stars books book author writer painter painting
        auction fetches gallery exhibit theatre theater dancer fashion wedding marries married divorce birth baby daughter
        husband wife mother father brother sister family friends child children girl man men woman women people crowd
        crowds protests protesters march marches demonstrators clashes clash officers tear riots riot unrest curfew
        emergency banned lifted lift crossing migrants refugees boat boats asylum embassy envoy ambassador diplomat
        diplomats foreign defence defense interior finance bill bills senate house lawmaker congress speaker votes voting
        voters voter ballot ballots turnout polls exit majority minority coalition cabinet reshuffle queen prince princess
        royal pope bishop church mosque temple priest holy easter ramadan haj pilgrims airstrike airstrikes shelling
        shells rockets rocket intercepts intercepted downed jet jets fighter fighters warplane warships warship navy
        submarine bases deploy deploys deployed weapons arms nuclear uranium enrichment pact treaty withdraws withdraw
        pullout hostages captive captives prisoners prisoner swap exchange aid convoy relief famine hunger shortage
        shortages planned planning proposal proposes propose proposed offers offered suggests urged orders ordered order
        demand demands pledge pledges promises promised threat threatens threatened warning alerts risk risks doubts doubt
        fearing worry worries cited citing despite without within above below across along around among toward towards
        until then there here where when why how what whose whom these those such very much many most some any each every
        both either neither other another own same only just even still yet ever never always often again once twice half
        full whole bottom big bigger biggest small smaller large larger largest great greater long longer short shorter
        strong weak hard easy good better bad worse worst tall deep wide older oldest young younger youngest earlier
        earliest later latest newest free alive safe sick ill subsidiary subsidiaries affiliate spinoff spin-off
        divestiture stakes takeover buyout hostile tenders filing agreements letter intent definitive approval clearance
        regulators regulator antitrust fine fined fines penalty settles settle settlement rating ratings rated convertible
        preferred common debentures debenture priced pricing issue issued issuer payable split splits dividends quarterly
        omits omitted restores tests space moon satellite scientists researchers study studies discovered discovery phone
        phones makers hack hacked hackers breach users online website""",
    "fr": """le la les l de des du d un une et est sont a à au aux en dans sur pour par avec sans ce cette qui que ne pas plus
        son sa ses il elle ils après avant contre entre selon face vers chez dont mais où été ont avait va vont doit fait
        mort morts tué tués président ministre premier gouvernement grève baisse hausse recule progresse taux pétrole
        bourse cours bénéfice chiffre affaires banque guerre élections police annonce accuse demande appelle quitte bat
        remporte deux trois quatre cinq près année ans jour jours mois semaine nouveau nouvelle séisme incendie attentat
        usine vol accord lundi mardi mercredi jeudi vendredi samedi dimanche veut prix ouverture clôture relève abaisse
        morte mortes décès décède tue blessé blessés arrêté arrêtés interpellé condamné condamnée condamnés approuve
        adopte rejette signe ferme ouvre arrive part avertit perd tempête ouragan inondations inondation sécheresse
        canicule panne électricité hôpital médecins médecin école écoles procès juge tribunal cour prison meurtre victimes
        victime disparu disparus retrouvé secours frontière armée soldat soldats missiles attaque trêve pourparlers
        négociations commerce emplois entreprise voiture voitures train trains avion avions aéroport budget loi parti chef
        roi champion champions match but joueur entraîneur film acteur actrice chanteur record élu élue réélu nommé droits
        voix feu vert coup état sommet nucléaire plainte enquête scrutin ministres marché marchés ventes résultats
        trimestriel trimestre après-midi hier aujourd'hui demain frappe frappes frappé touche fera appel surprend plaide
        revient mène engage prolonge limoge défend confirme dément dévoile""",
    "es": """el la los las de del un una y es son a al en con por para sin se su sus que no más este esta lo como pero tras
        sobre entre desde hasta contra según ha han fue será muere mueren muertos heridos presidente ministro gobierno
        huelga cae caen sube suben baja bajan gana pierde petróleo petroleo precio precios bolsa banco guerra elecciones
        policía anuncia acusa pide llama deja dos tres cuatro cinco años año día días mes semana nuevo nueva terremoto
        sismo incendio ataque fábrica acuerdo lunes martes miércoles jueves viernes sábado domingo millones detenido
        detenidos tipos dimite abre cierra muerte fallece fallecen fallecidos mata matan herido arrestan condenan
        condenado condenada aprueba rechaza firma viaja llegan llega parte advierte vence derrota golpea tormenta huracán
        huracan inundaciones sequía ola calor apagón apagon luz hospital médicos médico escuela escuelas juicio juez jueza
        tribunal corte cárcel prisión asesinato víctimas víctima desaparecidos hallan hallado rescate frontera ejército
        soldados misiles ataques tregua diálogo negociaciones comercio empleo empleos empresa coche coches carro tren
        trenes avión aviones vuelo vuelos aeropuerto presupuesto ley partido líder rey campeón campeona gol goles jugador
        entrenador película actor actriz cantante récord elegido elegida votos cumbre nuclear denuncia investigación
        mercado mercados ventas resultados trimestre ayer hoy mañana fútbol ficha liga copa estados unidos primer primera
        juran jura suspende vuelve apelará recurre sorprende exige investiga lidera contrata renueva cesa ataca defiende
        confirma desmiente presenta""",
    "pt": """o os as de do da dos das um uma e é são a à ao aos em no na nos nas com por para sem se seu sua que não mais este
        esta como mas após apos sobre entre desde até contra segundo foi será morre morrem mortos feridos presidente
        ministro governo greve cai caem sobe sobem ganha perde vence petróleo petroleo preço preços bolsa banco guerra
        eleições polícia anuncia acusa pede chama deixa dois duas três quatro cinco anos ano dia dias mês semana novo nova
        sismo terremoto incêndio incendio ataque fábrica fabrica acordo segunda terça quarta quinta sexta sábado domingo
        milhões mil juros alta queda lucro demite morte morreu morto morta mata matam ferido prendem preso presa presos
        condenado condenada aprova rejeita assina viaja chega chegam parte alerta derrota atinge tempestade furacão
        furacao enchentes enchente cheias chuvas seca calor onda apagão apagao luz hospital médicos médico escola escolas
        julgamento juiz tribunal justiça cadeia prisão assassinato vítimas vítima desaparecidos encontram encontrado
        resgate fronteira exército soldados mísseis ataques trégua negociações comércio empregos emprego empresa carro
        carros comboio trem trens avião aviões voo voos aeroporto orçamento lei partido líder rei campeão campeã jogo gol
        golo golos gols jogador treinador seleção selecao filme ator atriz cantor cantora recorde eleito eleita votos
        cúpula nuclear denúncia investigação mercado mercados vendas resultados trimestre ontem hoje amanhã bola copa taça
        estados unidos primeiro primeira primeiro-ministro suspende volta chefe eliminada eliminado recorre surpreende
        exige investiga lidera contrata renova ataca defende confirma desmente apresenta""",
    "it": """il lo la i gli le di del della dei delle degli un una uno e è sono a al alla ai alle in nel nella con per da dal
        dalla su sul sulla non più che si suo sua ma dopo prima contro tra fra secondo ha hanno sarà muore morto morti
        feriti presidente ministro governo sciopero cala cade sale perde vince petrolio prezzo prezzi borsa banca guerra
        elezioni polizia annuncia accusa chiede lascia due tre quattro cinque anni anno giorno giorni mese settimana nuovo
        nuova terremoto incendio attacco fabbrica accordo lunedì martedì mercoledì giovedì venerdì sabato domenica milioni
        tassi calo rialzo ribasso utile vola arriva finale dimette arrestato batte morte muoiono morta uccide uccisi
        ucciso ferito arrestati condannato condannata approva boccia firma viaggia arrivano parte avverte sconfigge
        colpisce tempesta uragano alluvione alluvioni siccità caldo blackout luce ospedale medici medico scuola scuole
        processo giudice tribunale corte carcere omicidio vittime vittima dispersi trovato trovata soccorsi confine
        esercito soldati missili attacchi tregua negoziati colloqui commercio lavoro posti azienda auto treno treni aereo
        aerei volo voli aeroporto bilancio legge partito leader re campione campionessa campioni partita gol giocatore
        allenatore film attore attrice cantante record eletto eletta voti vertice nucleare denuncia indagine mercato
        mercati vendite risultati trimestre ieri oggi domani calcio coppa stati uniti primo mila taglia crolla allerta
        maltempo ricorre ricorrerà sorprende pianifica indaga torna guida ingaggia rinnova esonera attacca difende
        conferma smentisce""",
    "ro": """și si de la în in din cu pe pentru un o a al ale este sunt au nu mai că ca care după dupa prin sub între intre
        fără fara lui lor va vor fost s-a cel cea președintele presedintele premierul ministrul guvernul greva crește
        creste scade petrolul prețul pretul bursa banca război razboi alegeri poliția politia anunță anunta cere doi două
        doua trei patru cinci ani an zi zile lună luna nou nouă cutremur incendiu atac fabrică fabrica acord luni marți
        marti miercuri joi vineri sâmbătă duminică milioane morți morti ajuns profit leul față fata euro moarte murit
        moare ucide uciși ucisi rănit arestat arestați condamnat condamnată aprobă aproba respinge semnează semneaza
        pleacă pleaca ajunge sosește avertizează învins invins lovește loveste lovit furtună furtuna uragan uraganul
        inundații inundatii secetă seceta caniculă canicula pană pana curent spital spitalul medici medicii medicul școală
        școli scoala proces judecător tribunal curte închisoare inchisoare crimă crima victime victima dispăruți dispăruti
        găsit gasit frontieră frontiera armata soldați soldati rachete armistițiu negocieri comerț locuri muncă companie
        mașină mașini masina tren trenuri avion avioane zbor zboruri aeroport buget lege legea partid liderul lider rege
        campion campioni meci meciul gol jucător antrenor film actorul actor cântăreț record ales aleasă voturi summit
        nuclear anchetă piață piata vânzări rezultate trimestru ieri azi mâine cupa statele unite primul prima aprobat
        trimis anulează anuleaza închide inchide deschide atacă surprinde acuză plănuiește anchetează revine conduce lasă
        confirmă dezminte""",
    "de": """der die das den dem des ein eine einen einem einer und ist sind war wird werden im in an am auf aus bei mit nach
        von vom vor zu zum zur für fuer über ueber unter um durch gegen ohne nicht kein keine mehr als wie auch noch nur
        sich er sie es hat haben seit bis zwischen laut will soll muss kann tote toter verletzte präsident kanzler
        minister regierung streik steigt steigen fällt fallen sinkt sinken gewinnt verliert besiegt schlägt öl ölpreis
        preis preise börse krieg wahl wahlen polizei kündigt fordert warnt zwei drei vier fünf jahr jahre tag tage monat
        woche neu neue neuer erdbeben brand feuer anschlag werk fabrik einigung montag dienstag mittwoch donnerstag
        freitag samstag sonntag millionen milliarden zinsen leitzins hebt senkt erhöht tritt zurück stellt kauft streicht
        ruft beendet tot gestorben stirbt sterben tötet getötet verletzt verhaftet festgenommen verurteilt billigt
        beschließt lehnt unterzeichnet reist verlässt schließt öffnet erreicht trifft sturm hurrikan orkan hochwasser
        überschwemmung dürre hitze hitzewelle stromausfall krankenhaus klinik arzt ärzte schule schulen prozess urteil
        gericht richter gefängnis haft mord opfer vermisst vermisste gefunden rettung grenze armee bundeswehr soldaten
        raketen angriff angriffe waffenruhe gespräche verhandlungen handel stellen arbeitsplätze firma konzern auto autos
        zug züge flugzeug flüge flughafen wetter haushalt gesetz partei chef könig weltmeister meister spiel tor tore
        spieler trainer schauspieler schauspielerin sänger rekord gewählt gipfel atom anklage ermittlungen markt märkte
        umsatz gewinn verlust ergebnis quartal gestern heute morgen fußball pokal usa gold was bank start best jobs team
        zugelassen scheidet legt nieder wegen beim ins abgesagt gesperrt evakuiert führt leitet klagt anfechten urteilt
        kritisiert verklagt plant prüft holt unterliegt schießt trainiert rücktritt entlässt wechselt verlängert""",
    "nl": """de het een en is zijn was wordt worden in op van voor met naar uit bij door over onder tegen zonder niet geen meer
        dan als ook nog maar om te aan tot na sinds tussen volgens wil moet kan dood doden gewonden president premier
        minister kabinet regering staking stijgt stijgen daalt dalen wint verliest verslaat olie olieprijs prijs prijzen
        beurs oorlog verkiezingen politie waarschuwt twee drie vier vijf jaar dag dagen maand week nieuw nieuwe aardbeving
        brand aanslag fabriek akkoord maandag dinsdag woensdag donderdag vrijdag zaterdag zondag miljoen miljard rente
        verhoogt verlaagt schrapt opent lager hoger gevallen banen treedt overleden overlijdt sterft gedood gewond gewonde
        gearresteerd aangehouden veroordeeld keurt goed goedgekeurd verwerpt tekent ondertekent reist vertrekt sluit open
        bereikt treft storm orkaan overstroming overstromingen droogte hitte hittegolf stroomstoring stroom ziekenhuis
        arts artsen school scholen proces rechter rechtbank gevangenis cel moord slachtoffer slachtoffers vermist gevonden
        redding grens leger soldaten raketten aanval aanvallen bestand onderhandelingen gesprekken handel werk bedrijf
        auto auto's trein treinen vliegtuig vluchten vlucht luchthaven weer begroting wet partij leider koning
        wereldkampioen kampioen wedstrijd doelpunt speler trainer acteur zanger record gekozen top kern onderzoek markt
        omzet winst verlies resultaat kwartaal gisteren vandaag morgen voetbal beker vs goud of had best bank deal start
        film team uitgeschakeld vanwege wegens ontslaat roept legt werpt geschrapt vernielt boekt haalt gaat beroep vonnis
        verrast eist klaagt plant onderzoekt verlengt keert terug schiet trapt leidt""",
    "sv": """och i på av för med till från att en ett det den de är var blir har hade ska kan inte som om efter före mot utan
        mellan under över enligt vid när men även nu död döda skadade president statsminister minister regeringen strejk
        stiger faller ökar minskar vinner förlorar slog besegrar olja oljepriset pris priser börsen krig val polisen
        varnar två tre fyra fem år dag dagar månad vecka ny nya nytt jordbävning jordbävningen brand branden attack fabrik
        avtal måndag tisdag onsdag torsdag fredag lördag söndag miljoner miljarder räntan höjer sänker avgår grep får dog
        dör dödar dödade skadad gripen gripna dömd döms dömda godkänner godkänt godkänd avvisar undertecknar reser lämnar
        stänger öppnar når drabbar storm stormen orkan orkanen översvämning översvämningar torka hetta värmebölja
        strömavbrott sjukhus läkare läkarna skola skolor rättegång dom domstol domare fängelse livstid mord mordet offer
        saknas saknade hittad hittades räddning gräns gränsen armé soldater robotar anfall vapenvila vapenvilan samtal
        förhandlingar handel jobb bolag bolaget företag bil bilar elbil tåg tågen flyg plan flygplats väder budget lag
        parti ledare kung kungen världsmästare match mål spelare tränare film skådespelare sångare rekord vald toppmöte
        kärnkraft åtal utredning marknad omsättning vinst förlust resultat kvartal igår idag imorgon fotboll guld utslagen
        utslaget klart klar visar hotar kräver varslar stoppar återkallar inför överklagar domen överraskar planerar
        utreder vänder hem skjuter leder folkomröstning värvar""",
    "da": """og i på af for med til fra at en et det den de er var bliver har havde skal kan ikke som om efter før mod uden
        mellem under over ifølge ved når men også nu død døde sårede præsident statsminister statsministeren minister
        regeringen strejke stiger falder vinder taber slog besejrer olie olieprisen pris priser børsen krig valg politiet
        advarer to tre fire fem år dag dage måned uge ny nye nyt jordskælv brand angreb fabrik aftale mandag tirsdag
        onsdag torsdag fredag lørdag søndag millioner milliarder renten hæver sænker går får procent dør dræber dræbt
        dræbte såret anholdt dømt dømmes godkender godkendt afviser underskriver rejser forlader lukker åbner rammer storm
        stormen orkan orkanen oversvømmelse oversvømmelser tørke hede hedebølge strømsvigt hospital læge læger lægerne
        skole skoler retssag dom ret dommer fængsel livstid drab mord offer ofre savnet savnede fundet redning grænse
        grænsen hær soldater missiler våbenhvile våbenhvilen samtaler forhandlinger handel job selskab selskabet firma bil
        biler elbil tog togene fly lufthavn vejr budget lov parti leder konge kongen verdensmester kamp mål spiller træner
        film skuespiller sanger rekord valgt topmøde atomkraft tiltale efterforskning marked omsætning overskud underskud
        resultat kvartal fodbold guld ude viser truer kræver fyrer stopper tilbagekalder afslører brænder ankommer ordre
        anker overrasker planlægger undersøger vender hjem skyder folkeafstemning henter""",
    "nb": """og i på av for med til fra at en et det den de er var blir har hadde skal kan ikke som om etter før mot uten
        mellom under over ifølge ved når men også nå død døde drepte skadde president statsminister statsministeren
        minister regjeringen streik stiger faller øker vinner taper slo beseirer olje oljeprisen pris priser børsen krig
        valg politiet advarer to tre fire fem år dag dager måned uke ny nye nytt jordskjelv brann angrep fabrikk avtale
        mandag tirsdag onsdag torsdag fredag lørdag søndag millioner milliarder renten hever senker går får prosent dør
        dreper drept såret pågrepet siktet dømt dømmes godkjenner godkjent avviser undertegner reiser forlater stenger
        lukker åpner treffer rammer storm stormen orkan orkanen flom tørke hete hetebølge strømbrudd sykehus lege leger
        legene skole skoler rettssak dom rett dommer fengsel forvaring drap drapet mord offer ofre savnet savnede funnet
        redning grense grensen hær soldater missiler våpenhvile våpenhvilen samtaler forhandlinger handel jobb stillinger
        selskap selskapet firma bil biler elbil tog togene fly flyplass vær budsjett lov parti leder konge kongen
        verdensmester kamp mål spiller trener film skuespiller sanger rekord valgt toppmøte atomkraft tiltale
        etterforskning marked omsetning overskudd underskudd resultat kvartal fotball gull ute viser truer krever kutter
        stopper tilbakekaller avslører brenner ankommer ordre skutt rasfare streiker anker dommen overrasker overrasket
        planlegger undersøker vender hjem skyter folkeavstemning henter""",
    "fi": """ja on ei oli ovat ollut se hän että kun jos myös mutta tai sekä jälkeen ennen kanssa vastaan mukaan yli alle noin
        kuoli kuollut kuollutta presidentti pääministeri ministeri hallitus lakko nousi nousee laski laskee voitti voittaa
        hävisi öljyn öljy hinta hinnat pörssi sota vaalit poliisi varoittaa kaksi kolme neljä viisi vuosi vuoden päivä
        kuukausi viikko uusi maanjäristys palo tulipalo isku tehdas sopimus maanantaina tiistaina keskiviikkona torstaina
        perjantaina lauantaina sunnuntaina miljoonaa miljardia korkoa eroaa nostaa kuolee kuolivat surmasi loukkaantui
        loukkaantunut pidätettiin pidätetty tuomittiin tuomio hyväksyi hyväksyttiin torjui allekirjoitti matkustaa saapui
        lähti sulkee avaa iski myrsky hurrikaani tulva tulvat kuivuus helle helleaalto sähkökatko sairaala lääkärit
        lääkäri koulu koulut oikeudenkäynti oikeus tuomari vankila vankeutta elinkautinen murha murhasta uhri uhrit
        kadonnut löytyi raja rajan armeija sotilaat ohjus ohjukset hyökkäys tulitauko neuvottelut kauppa työpaikkaa yhtiö
        yritys auto autoja juna junat lento lennot lentoasema sää budjetti laki puolue johtaja kuningas maailmanmestari
        mestari ottelu maali pelaaja valmentaja elokuva näyttelijä laulaja ennätys valittiin huippukokous ydinvoima syyte
        tutkinta markkinat liikevaihto voitto tappio tulos neljännes eilen tänään huomenna jalkapallo kulta putosi
        esitteli irtisanoo peruu valittaa yllätti vaatii tutkii palaa johtaa palkkasi hyökkää puolustaa vahvisti kiisti""",
    "pl": """i w we z ze na do od po o za dla przez przy pod nad przed między bez nie jest są był była było się to ten ta że
        jak ale czy już według oraz co który która zginęło zginęła żyje rannych prezydent premier minister rząd strajk
        rośnie rosną spada spadają wygrał wygrała przegrał pokonał pokonała ropa ropy cena ceny giełda wojna wybory
        policja ostrzega dwa dwie dwóch trzy cztery pięć rok roku lat dzień dni miesiąc tydzień nowy nowa trzęsienie pożar
        atak zamach fabryka umowa poniedziałek wtorek środę czwartek piątek sobotę niedzielę mln mld stopy podnosi obniża
        proc zmarł zmarła zmarli umiera zabija zabity zabici ranny ranni zatrzymany zatrzymano aresztowany skazany skazana
        zatwierdza zatwierdzona odrzuca odrzucił podpisał podpisuje leci przybył wyjechał zamyka otwiera uderzył uderzyła
        uderza burza huragan powódź powodzie susza upał upały upałów awaria prądu szpital lekarz lekarze szkoła szkoły
        proces wyrok sąd sędzia więzienie dożywocie zabójstwo zabójstwa morderstwo ofiara ofiary zaginiony zaginieni
        znaleziono ratunek granica granicy armia żołnierze rakiety ataki rozejm rozmowy negocjacje handel praca pracy
        firma spółka auto samochód pociąg pociągi samolot samoloty lot loty lotnisko pogoda budżet ustawa partia lider
        król mistrz mistrzem świata mecz gol gole piłkarz trener film aktor aktorka piosenkarz rekord wybrany szczyt
        jądrowa śledztwo rynek przychody zysk strata wyniki kwartał wczoraj dziś jutro piłka złoto odpada odpadła odwołuje
        odwoła zaskoczyła żąda bada wraca prowadzi zatrudnia atakuje broni potwierdza zaprzecza ujawnia""",
    "cs": """a v ve z ze na do od po o za pro přes při pod nad před mezi bez ne je jsou byl byla bylo se si to ten ta že jak
        ale už podle také co který která zemřel zemřela mrtvých zraněných prezident premiér ministr vláda stávka roste
        klesá klesla vyhrál vyhrála prohrál porazil porazila ropa ropy cena ceny burza válka volby policie varuje dva dvě
        tři čtyři pět rok roku let den dní měsíc týden nový nová zemětřesení požár útok továrna dohoda pondělí úterý
        středu čtvrtek pátek sobotu neděli milionů miliard sazby zvýšila snížila zemřeli umírá zabil zabila zabiti zabit
        zraněn zraněno zadržen zadržela odsouzen odsouzena schválil schválila schválena odmítl odmítli podepsal letí
        přiletěl odjel zavírá otevírá zasáhl zasáhla udeřil bouře hurikán povodeň povodně sucho vedro vedra vlna výpadek
        proudu nemocnice lékař lékaři škola školy proces rozsudek soud soudce vězení doživotí vražda vraždu vraždy oběť
        oběti nezvěstní našli nalezen záchrana hranice armáda vojáci rakety útoky příměří jednání rozhovory obchod práce
        firma auto auta vůz vlak vlaky letadlo lety letiště počasí rozpočet zákon strana lídr král mistr mistři světa
        zápas gól hráč trenér film herec herečka zpěvák rekord zvolen summit jaderná vyšetřování trh tržby zisk ztráta
        výsledky čtvrtletí včera dnes zítra fotbal zlato končí ruší zdražuje propouští odvolá překvapila žádá vyšetřuje
        vrací vede angažoval útočí brání potvrdil popřel ukázal""",
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
        milyar faiz faizi yüzde dolar aştı uçuşları iptal istifa öldürdü öldürüldü yaralandı gözaltına tutuklandı
        tutuklama hapis müebbet mahkum onayladı onaylandı reddetti imzaladı gidiyor geldi ayrıldı kapandı açıldı vurdu
        fırtına kasırga kasırgası sel seller kuraklık sıcak dalgası elektrik kesintisi hastane doktor doktorlar okul
        okullar dava mahkeme hakim cezaevi cinayet cinayeti kurban kayıp bulundu kurtarma sınır ordu asker askerler füze
        saldırısı ateşkes görüşme müzakere ticaret iş şirket otomobil araç tren trenler uçak uçuş havalimanı hava bütçe
        yasa parti lider kral dünya şampiyonu şampiyon maç maçı gol oyuncu teknik direktör film aktör şarkıcı rekor
        seçildi zirve nükleer soruşturma piyasa ciro kâr zarar sonuç çeyrek dün bugün yarın futbol altın elendi kırdı
        bıraktı tanıttı hayatını itiraz edecek şaşırttı istiyor soruşturuyor dönüyor yönetiyor anlaştı saldırdı savundu
        doğruladı yalanladı""",
    "az": """və bir bu da də ilə üçün görə amma çox daha sonra qədər oldu deyil var yox etdi dedi öldü prezident nazir hökumət
        ildə""",
    "id": """dan di ke dari yang untuk dengan pada ini itu dalam tidak akan telah sudah oleh karena bisa ada adalah juga atau
        lebih setelah sebelum terhadap antara menurut tewas meninggal luka presiden menteri perdana pemerintah mogok naik
        turun menang kalah kalahkan minyak harga bursa bank perang pemilu polisi peringatkan dua tiga empat lima tahun
        hari bulan pekan minggu baru gempa kebakaran serangan pabrik sepakat senin selasa rabu kamis jumat sabtu juta
        miliar bunga suku persen tiba catat rekor tangkap naikkan guncang wafat membunuh dibunuh terluka ditangkap divonis
        vonis dihukum setujui disetujui tolak ditolak teken terbang tinggalkan tutup buka hantam landa melanda badai topan
        banjir longsor kekeringan panas gelombang listrik padam rumah sakit dokter sekolah sidang hakim pengadilan penjara
        seumur hidup pembunuhan pembunuh korban hilang ditemukan temukan perbatasan tentara tni rudal serang gencatan
        senjata perundingan perdagangan pekerja lowongan perusahaan mobil kereta pesawat penerbangan bandara cuaca
        anggaran undang-undang partai pemimpin raja juara dunia laga gol pemain pelatih film aktor penyanyi terpilih ktt
        nuklir penyelidikan pasar pendapatan laba rugi kuartal kemarin besok sepak bola emas tersingkir batalkan luncurkan
        gagal lolos warga harus akibat gelar banding putusan kejutkan tuntut rencanakan selidiki kembali pimpin rekrut
        dekati desak kecam bantah umumkan ungkap sebut janjikan""",
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
        وزير الرئيس الوزير الحكومة النفط سعر أسعار حرب اتفاق يوم عام مليون مليار وفاة مصرع إصابة اعتقال السجن محكمة قاض
        موافقة رفض توقيع زيارة وصول إغلاق افتتاح إعصار فيضانات سيول جفاف حر انقطاع الكهرباء مستشفى أطباء مدرسة جريمة ضحايا
        مفقودين العثور الحدود الجيش جنود صواريخ هجوم قصف هدنة محادثات مفاوضات تجارة شركة سيارة قطار طائرة رحلات مطار الطقس
        موازنة قانون حزب زعيم ملك بطل مباراة هدف لاعب مدرب فيلم ممثل فنان قياسي انتخاب قمة نووي تحقيق السوق أرباح خسائر
        الربع أمس اليوم غدا كرة ذهب دراسة يضرب يفوز يصل تعلن يعلن ترفع تخفض تطلق يطلق تفتتح يفتتح توقع يوقع تستقبل يستقبل
        يبحث تبحث يؤكد تؤكد ينفي تنفي يلتقي تلتقي تحذر يحذر تطالب يطالب تدين يدين توافق يوافق تتراجع يتراجع يهبط تهبط
        ترتفع يرتفع تستقيل يستقيل يقتل تقتل ينفجر تتهم يتهم تشتري تبيع تستأنف تدعو يدعو يهزم تهزم يتعادل تتعادل تغلق يغلق
        تستدعي يستدعي تهدد يهدد تقر يقر تنسحب ينسحب تضرب تفوز تصل تكشف يكشف تطلب يطلب إيقاف""",
    "fa": """در از به با که را این آن برای تا بر است شد شدند کرد کردند می نمی های هم پس پیش بین علیه گفت کشته رئیس وزیر دولت
        نفت قیمت جنگ توافق روز سال ماه میلیون میلیارد دو سه چهار پنج خبر داد نخست جمهور یک بود خواهد درگذشت مرگ زخمی
        بازداشت دستگیر حبس محکوم دادگاه قاضی تایید تصویب رد امضا سفر رسید وارد بسته باز طوفان سیل خشکسالی گرما موج قطعی
        برق بیمارستان پزشکان پزشک مدرسه قتل قاتل قربانی مفقود پیدا مرز ارتش سربازان موشک حمله بس مذاکرات تجارت شرکت خودرو
        قطار هواپیما پرواز فرودگاه هوا بودجه قانون حزب رهبر شاه قهرمان جهان بازی گل بازیکن مربی سرمربی فیلم بازیگر خواننده
        رکورد انتخاب نشست هسته تحقیقات بازار سود زیان دیروز امروز فردا فوتبال طلا حذف برکناری گرانی کاهش افزایش زلزله هدف
        اتفاق انفجار عام حرب صادر اعلام""",
    "ur": """میں کے کی کا کو نے سے پر ہے ہیں تھا تھی ہو گیا گئی گئے اور یہ وہ جو بھی نہیں تک کر دیا دی لیے بعد ایک دو تین چار
        پانچ صدر وزیراعظم حکومت ہلاک پولیس جنگ تیل انتقال موت زخمی گرفتار قید عدالت جج منظور مسترد دستخط دورہ پہنچ بند کھل
        طوفان سیلاب گرمی لہر بجلی ہسپتال اسپتال ڈاکٹر ڈاکٹروں اسکول قتل قاتل مقدمہ لاپتہ سرحد فوج فوجی میزائل حملہ مذاکرات
        تجارت کمپنی گاڑی ٹرین طیارہ پرواز پروازیں ہوائی موسم بجٹ قانون پارٹی رہنما بادشاہ چیمپئن میچ گول کھلاڑی کوچ فلم
        اداکار گلوکار ریکارڈ منتخب اجلاس تحقیقات مارکیٹ منافع کل آج فٹبال کرکٹ سونا باہر مہنگا مہنگی سستا زلزلہ کمی اضافہ
        حزب اتفاق تحقیق حرب عام اعلان""",
    "ru": """и в во на с со к по о об из за от до для при под над не что это как но а или после перед против между его её их
        был была было были есть года году лет президент премьер министр правительство забастовка вырос упал нефть цена
        цены война выборы полиция два две двое три четыре пять млн млрд понедельник вторник среду четверг пятницу умер
        умерла погиб погибла погибли убит убиты ранен ранены пострадали задержан задержали задержаны арестован осужден
        приговорен одобрил одобрена отклонил подписал летит прибыл прибыла вылетел закрыл открыл обрушился ураган шторм
        наводнение паводок засуха жара авария пожар взрыв больница врачи врач школа суд судья тюрьма пожизненное убийство
        жертвы жертва пропали найден нашли граница армия солдаты ракеты удар атака перемирие переговоры торговля работа
        компания автомобиль поезд поезда самолет рейсы аэропорт погода бюджет закон партия лидер король чемпион матч гол
        забил снова игрок тренер фильм актер певец рекорд избран саммит расследование рынок выручка прибыль убыток квартал
        вчера сегодня завтра футбол золото заявил сообщил отменил отменяет повысил снизил обновил обновило вышел вышла
        обжалует удивила требует расследует вернулся возглавил подписала атаковал подтвердил опроверг референдум
        приближается""",
    "uk": """і й в у на з із зі до по про від за для при під над не що це як але а або після перед проти між його її їх був
        була було були є року років президент прем'єр міністр уряд страйк нафта ціна ціни війна вибори поліція два дві
        двоє три чотири п'ять млн млрд понеділок вівторок середу четвер помер померла загинув загинула загинули вбито
        вбили поранено поранені постраждали затримано затримали затримав заарештовано засуджено схвалив схвалено відхилив
        підписав летить прибув прибула вилетів закрив відкрив накрив ураган шторм повінь посуха спека аварія пожежа вибух
        лікарня лікарі лікар школа суд суддя в'язниця довічне вбивство жертви жертва зникли знайдено знайшли кордон армія
        солдати ракети удар атака перемир'я переговори торгівля робота компанія автомобіль потяг потяги літак рейси
        аеропорт погода бюджет закон партія лідер король чемпіон матч гол забив знову гравець тренер фільм актор співак
        рекорд обрано саміт розслідування ринок виторг прибуток збиток квартал вчора сьогодні завтра футбол золото заявив
        повідомив скасував скасовує підвищив знизив оновив оновило вийшов вийшла показала очолив оскаржить здивувала
        вимагає розслідує повернувся підписала атакував підтвердив спростував референдум наближається""",
    "bg": """и в във на с със към по за от до из при под над не че това как но или след пред срещу между той тя те беше са е ще
        се година години президент премиер министър правителство стачка петрол цена цени война избори полиция два две три
        четири пет почина загина загинаха убит убити ранен ранени задържан задържаха арестуван осъден одобри отхвърли
        подписа пристигна замина затвори отвори удари ураган буря наводнение суша жега авария взрив болница лекари лекар
        училище съд съдия затвор убийство жертви изчезнали намерен граница армия войници ракети атака примирие преговори
        търговия работа компания автомобил влак самолет полети летище време бюджет закон партия лидер крал шампион мач гол
        вкара отново играч треньор филм актьор певец рекорд избран разследване пазар печалба загуба тримесечие вчера днес
        утре футбол злато заяви земетресение пожар""",
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


def _by_word(*tables: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for table in tables:
        for language, words in table.items():
            for word in words.split():
                found[word].add(language)
    return {word: frozenset(languages) for word, languages in found.items()}


#: which languages a word speaks for, in small letters
WORDS: Mapping[str, frozenset[str]] = _by_word(_WORDS, BY_LANGUAGE)
#: those that tell with a capital too
PLACES = frozenset(_by_word(BY_LANGUAGE))
