"""Words that tell names apart in the languages of Latin script: English above all, with Spanish, French, German and Italian."""

from __future__ import annotations

from services.enrichment.names.lists import names, words

#: how a company's legal form is written, without its last dot
LEGAL_FORMS = words(
    """
    Inc Incorporated Corp Corporation Co Cos Company Ltd Limited LLC LLP LP L.P L.L.C PLC Plc plc P.L.C AG A.G SA S.A SAS
    S.A.S SARL S.p.A SpA SPA NV N.V BV B.V GmbH KGaA SE AB ASA A.S AS A/S Oyj Oy KK K.K PJSC P.J.S.C PSC JSC OJSC PAO OAO
    QSC Q.S.C QPSC Q.P.S.C SAOG SAOC KSC K.S.C KSCP BSC B.S.C SAL S.A.L SAE S.A.E SJSC Pty Pte Bhd Berhad Tbk SL S.L
    Bancorp Bancorporation Bancshares Bankshares
    """
)
#: of which these stand in front of others, or are words of their own: a name of more than one word before them is asked for
WEAK_FORMS = words("Co Company Limited AS SE AB SA SPA LP SL AG")
#: roles and titles with a capital; what follows in the same run of capitals is a name
ROLES = words(
    """
    President Chairman Chairwoman Chairperson Chair Minister Premier Chancellor Secretary Undersecretary Governor Mayor
    Senator Sen. Congressman Congresswoman Rep. Gov. Gen. Lt. Col. Maj. Capt. Sgt. Adm. Brig. Cmdr. Lieutenant Colonel
    Major Captain Sergeant Admiral Brigadier Ambassador Judge Justice Mr. Mrs. Ms. Dr. Prof. Rev. Mr Mrs Ms Dr Prof Sir
    Dame Lady Prince Princess King Queen Emperor Sheikh Sheik Emir Sultan Ayatollah Imam Rabbi Pope Cardinal Archbishop
    Bishop Reverend Father Officer Executive Director Treasurer Commissioner Spokesman Spokeswoman Spokesperson Coach
    Captain Manager Leader Speaker Envoy Representative Deputy Chief Economist Analyst Professor Doctor Attorney
    Prosecutor Sheriff Presidente Ministro Ministra Canciller Gobernador Alcalde Alcaldesa Senador Rey Reina Señor Señora
    Ministre Président Présidente Monsieur Madame Herr Frau Bundeskanzler Bundeskanzlerin CEO CFO COO
    """
)
#: so usual in names of offices and of places that what follows may be no person, if it is one word
VAGUE_ROLES = words(
    """
    Major Chief Executive Officer Deputy King Queen Prince Princess Lady Father Executive Director Manager Captain Justice
    Judge Cardinal Representative Attorney Speaker Leader Chair Doctor CEO CFO COO Emperor Reverend Coach Dame Sir
    Secretary Bishop Rey Reina General Commissioner Premier
    """
)
#: the same in small letters, in front of a name or behind it and a comma
LOWER_ROLES = words(
    """
    president chairman chairwoman chairperson minister premier chancellor secretary undersecretary governor mayor senator
    congressman congresswoman ambassador judge prosecutor lawyer attorney director officer executive treasurer
    commissioner spokesman spokeswoman spokesperson coach captain manager leader speaker envoy representative economist
    analyst trader dealer broker professor scientist researcher engineer actor actress singer director author writer
    novelist poet painter composer musician striker midfielder defender goalkeeper forward winger driver champion swimmer
    sprinter boxer golfer diplomat politician lawmaker legislator activist journalist reporter editor businessman
    businesswoman entrepreneur investor financier founder co-founder strategist head chief partner consultant adviser
    advisor aide deputy general colonel presidente presidenta ministro ministra canciller gobernador alcalde alcaldesa
    senador senadora diputado portavoz entrenador delantero abogado director actriz cantante escritor secretario président
    présidente ministre chancelier maire sénateur député porte-parole entraîneur directeur directrice avocat écrivain
    acteur chanteuse chanteur
    """
)
#: verbs behind who speaks
SAYS = words(
    """
    said told says added explained insisted warned testified wrote argued noted predicted replied commented declared recalled
    joked tweeted dijo afirmó aseguró declaró señaló explicó añadió advirtió dit déclaré affirmé
    """
)
#: the last word of an organisation's name
ORGANISATION_TAILS = words(
    """
    Ministry Department Commission Committee Subcommittee Council Party Union Association Federation Confederation Agency
    Authority Organization Organisation Institute Institution Board Court Tribunal University College Bureau Parliament
    Senate Congress Assembly Administration Treasury Exchange Society Foundation Fund Service Guard Corps Academy
    Coalition Alliance League Embassy Registry Chamber Museum Inspectorate Secretariat Directorate
    """
)
#: and its first, with `of` or `for` and a name behind
ORGANISATION_HEADS = words(
    """
    Ministry Department Bank University Institute Institution Commission Committee Council Bureau Board Court Office House
    Chamber Federation Association Organization Organisation Union Confederation Academy College Society League School
    Ministerio Universidad Banco Ministère Université Banque Asociación Federación Organización Instituto Comisión Consejo
    Unión Partido Institut Commission Conseil Parti Association Organisation Fédération Bundesministerium
    """
)
#: what only says which kind, and no name by itself: `Executive Committee`, `Local Board`
KINDS_ONLY = words(
    """
    Executive Local Special National State Federal Joint Central General Public Annual New Old Grand Supreme Both Several Main
    Civil First Second Third Trade Credit Company Advisory International Regional Provincial
    """
)
#: banks that are an authority or belong to states
PUBLIC_BANKS = words(
    """
    England Japan France Italy Spain Canada Israel Korea Thailand Mexico Finland Greece Portugal Sweden Norway Russia
    Indonesia Ghana Uganda Zambia Tanzania Jamaica Algeria Sudan Slovenia Latvia Lithuania
    """
)
PUBLIC_BANK_WORDS = words("""Central Reserve World Development Investment-Bank Federal Monetary International Settlements""")
#: places and states that end as bodies do
PLACES_LIKE_BODIES = frozenset(("Soviet Union", "Supreme Court Building", "Jersey Shore"))
#: the last word of a company's name without a legal form
COMPANY_TAILS = words(
    """
    Industries Airlines Airways Motors Petroleum Holdings Holding Pharmaceuticals Pharmaceutical Laboratories Stores Brothers
    Bank Technologies Bancorp Enterprises Breweries Semiconductor Semiconductors Biosciences Therapeutics Aerospace
    Refining Shipbuilding Supermarkets Cement Fertilizers Aluminium Telecom Telecommunications Bankers Railways Insurance
    Securities
    """
)
#: words of trade that may stand on both sides of `and` in one name
TRADE_WORDS = words(
    """
    Exploration Production Oil Gas Trust Savings Loan Light Power Electric Securities Exchange Iron Steel Trading Investment
    Finance Banking Mining Smelting Refining Telephone Telegraph Marketing Manufacturing Development Research Chemical
    Coal Coke Paper Pulp Food Drug Agriculture Fisheries Forestry Trade Industry Commerce Health Human Means Ways Economic
    Social Energy Natural Tobacco Firearms Drink Customs Revenue Atmospheric Oceanic Space Aeronautics Science Technology
    Education Labour Labor Housing Urban Tourism Culture Sport Youth Environment Transport Water Atlantic Pacific Shipping
    Storage Grain Container Transportation Communications Water Fire Casualty Marine Life Accident Tea Co Chemicals Ink
    Drew Tea Gold Silver Copper Lead Zinc Lumber
    """
)
#: no name begins with these, whatever their capital says
OPENERS = words(
    """
    Assistant Associate
    A An The This That These Those It Its He She They We You I His Her Their Our My Your In On At By For From To Of With
    Without Within After Before During Since Until Under Over Between Among Against About Through Despite Because Although
    Though While When Where Who What Which Why How If As But And Or Nor Yet So Then There Here Now Today Yesterday
    Tomorrow Meanwhile However Moreover Also Still Even Only Just Not No Yes All Any Some Most Many Much More Less Few
    Several Each Every Both Either Neither Other Another Such Same Earlier Later Last Next Previously Recently Currently
    Separately Elsewhere Instead Overall Asked Asking Citing According Speaking Former Outgoing Ex Late Acting Interim
    Newly Senior Analysts Traders Dealers Officials Sources Shares Reuter Reuters Under Including Based Unlike Like Given
    Once Would Could Should Will Can May Might Must Did Does Do Has Have Had Was Were Is Are Be Been Being Let Said Says
    Told One Two Three Four Five Six Seven Eight Nine Ten Monday Tuesday Wednesday Thursday Friday Saturday Sunday January
    February March April June July August September October November December Jan. Feb. Mar. Apr. Jun. Jul. Aug. Sept.
    Sep. Oct. Nov. Dec. Sen Le La Les Un Une El Los Las Una Der Die Das Il Lo Dr Total Net Gross Operating Industry Wall
    Stock Finally Rather Perhaps Almost Nearly Around Following Excluding Including Foreign First Second Third Qtr Year
    Note Shr Rev Revs Avg Oper Its Year-ago Note-The Cts Dlr Dlrs Mln
    """
)
#: no part of a person's name
NOT_OF_PEOPLE = (
    ORGANISATION_TAILS
    | COMPANY_TAILS
    | (TRADE_WORDS - {"Means", "Light", "Power"})
    | LEGAL_FORMS
    | OPENERS - {"May", "June", "Will", "Le", "La", "El", "Los", "Las", "April", "August", "Der"}
    | words(
        """
    North South East West Northern Southern Eastern Western Central New San Santa Saint Fort Port Mount Lake River County City
    Town Street Avenue Road Square Valley Island Islands Sea Gulf Bay Ocean Coast Beach Park Airport Hotel Hospital School
    Stadium Cup Prize Award Awards Trophy Open Championship Championships Series Games Day Week Street Act Bill Plan
    Treaty Agreement Program Programme Project House Hall Center Centre Building Tower Bridge Street Partners Group
    Associates Systems Resources Capital Financial Homes Foods Works Products Services Stores Mines Controls Instruments
    Publishing Press Times Post Journal News Radio Television Pictures Studios Records Force Army Navy Air Police Club
    United Rovers Wanderers Athletic Republic Kingdom States Province District Region Territory African American Arab
    Asian Australian British Canadian Chinese Dutch European French German Greek Indian Iranian Iraqi Irish Israeli
    Italian Japanese Korean Kuwaiti Mexican Palestinian Polish Portuguese Russian Saudi Scottish Soviet Spanish Swedish
    Swiss Syrian Turkish Welsh Egyptian Lebanese Brazilian Argentine Emirati Qatari Jordanian Democratic Republican
    Conservative Labour Liberal Socialist Communist Christian Catholic Muslim Islamic Jewish Africa America Asia Europe
    Australia Britain Canada China Egypt England France Germany Greece India Iran Iraq Ireland Israel Italy Japan Jordan
    Kuwait Lebanon Luxembourg Belgium Denmark Austria Sweden Norway Finland Thailand Malaysia Indonesia Taiwan Korea
    Zealand Mexico Pakistan Palestine Poland Portugal Qatar Russia Scotland Spain Sudan Syria Turkey Yemen Brazil
    Argentina Chile Colombia Venezuela Arabia Emirates Oman Bahrain Libya Tunisia Morocco Algeria Nigeria Kenya London
    Paris Tokyo Beijing Moscow Washington York Chicago Texas California Florida Dubai Cairo Beirut Riyadh Doha Baghdad
    Tehran Jerusalem Gaza Hong Kong Singapore Geneva Brussels Vienna Rome Madrid Berlin Ohio Prime Vice Foreign Defense
    Defence Interior Home General Assistant Associate State Federal National International Royal Supreme High Chief
    Committees Earth Moon Mars Christmas Easter Ramadan Internet Bureau Sons Bros Hills Creek Springs Heights Woods Range
    Field Point Canyon Desert
    """
    )
)
#: in front of a last name, part of it
PARTICLES = words("de del da di du van von der den bin ibn al el la le dos ter ben")
#: authorities and bodies that are known by these names
ORGANISATIONS = words(
    """
    UN U.N. EU E.U. OPEC OPEC+ NATO IMF IAEA WTO OECD FIFA UEFA IOC FBI CIA NASA ECB EC EEC GATT FAO ILO FDA SEC FCC FTC CFTC
    USDA NASD NYSE GCC ASEAN APEC UNESCO UNICEF UNHCR UNRWA ICC ICJ PLO IRA KGB EPA FAA NHTSA IEA OAPEC NFL NBA CONCACAF
    CAF OIC BRICS UNCTAD ICO UAW TUC CBI FERC OFAC ESA WHO MI5 MI6 OCHA UNIFIL ONU OTAN UE OPEP OMS FMI BCE NHL UNDP OSCE
    Hamas Hezbollah Kremlin Pentagon Vatican Interpol Opec Nato Unicef Unesco Fifa Uefa Bundesbank Mossad Greenpeace
    Taliban Bundesrat Bundestag Knesset Eurostat Europol
    """
) | names(
    """
    United Nations; European Union; European Commission; European Central Bank; European Parliament; World Bank; International
    Monetary Fund; World Health Organization; World Trade Organization; White House; Federal Reserve; Federal Reserve
    Board; Supreme Court; Security Council; United Nations Security Council; U.N. Security Council; African Union; Arab
    League; Gulf Cooperation Council; Red Cross; Red Crescent; Amnesty International; Human Rights Watch; Scotland Yard;
    Downing Street; Islamic State; European Community; Common Market; Wall Street Journal; House of Commons; House of
    Representatives; House of Lords; Bank for International Settlements; Médecins Sans Frontières; Save the Children;
    Doctors Without Borders; Real Madrid; Manchester United; Manchester City; Bayern Munich; Commodity Credit Corporation;
    European Investment Bank; African Development Bank; Asian Development Bank; Inter-American Development Bank; Islamic
    Development Bank; Unión Europea; Naciones Unidas; Union européenne; Nations unies; Banco Mundial
    """
)
#: companies that are known without a legal form
COMPANIES = words(
    """
    Aramco Adnoc ADNOC SABIC Sabic QatarEnergy Sonatrach Petrobras Pemex PDVSA Gazprom Rosneft Lukoil Sinopec PetroChina CNOOC
    Petronas Chevron Exxon Mobil ExxonMobil ConocoPhillips Texaco BP TotalEnergies Eni Equinor Repsol Halliburton
    Schlumberger Microsoft Google Alphabet Amazon Meta Facebook Netflix Nvidia NVIDIA Intel AMD IBM Oracle Samsung Sony
    Toshiba Hitachi Panasonic Huawei Xiaomi Alibaba Tencent ByteDance TikTok Nokia Ericsson Siemens Bosch SAP Airbus
    Boeing Lockheed Raytheon Toyota Honda Nissan Mazda Hyundai Kia Volkswagen BMW Daimler Mercedes-Benz Porsche Renault
    Peugeot Stellantis Fiat Ferrari Volvo Tesla Chrysler Citigroup Citicorp Citibank JPMorgan HSBC Barclays Santander UBS
    BNP Nomura BlackRock Berkshire Nestle Nestlé Unilever Danone L'Oréal LVMH Pfizer Moderna AstraZeneca Novartis Roche
    Sanofi Bayer BASF GlaxoSmithKline Merck Walmart Carrefour Ikea IKEA Nike Adidas PepsiCo Coca-Cola McDonald's Starbucks
    Lufthansa Emirates-Airline Emaar Etisalat Maersk DHL FedEx UPS Uber Airbnb Spotify SpaceX OpenAI Qualcomm Broadcom
    TSMC Foxconn Glencore Vitol Trafigura BHP Vale ArcelorMittal Rusal Alcoa Cargill Monsanto Syngenta Telefónica
    Iberdrola Inditex BBVA Apple Twitter PayPal Visa Mastercard AT&T GTE ITT USAir Unocal Conoco DuPont Vodafone
    """
) | names(
    """
    Saudi Aramco; Saudi Telecom; Qatar Airways; Emirates NBD; Etihad Airways; Kuwait Petroleum; General Motors; General
    Electric; Ford Motor; Goldman Sachs; Morgan Stanley; Merrill Lynch; Wells Fargo; Philip Morris; Deutsche Bank; Credit
    Suisse; Credit Agricole; Société Générale; Standard Chartered; Royal Dutch Shell; Royal Dutch/Shell; British Airways;
    British Petroleum; British Gas; British Telecom; Rolls-Royce; Marks & Spencer; Air France; Air India; Singapore
    Airlines; American Express; Rio Tinto; Anglo American; De Beers; Bear Stearns; Lehman Brothers; Salomon Brothers;
    Drexel Burnham Lambert; Dean Witter; Shearson Lehman; Smith Barney; Charles Schwab; Johnson & Johnson; Procter &
    Gamble; Eli Lilly; Texas Instruments; Hewlett-Packard; Hewlett Packard; Digital Equipment; British Aerospace; United
    Airlines; American Airlines; Delta Air Lines; Lloyds Bank; Midland Bank; Norsk Hydro; Novo Nordisk; Warner Bros; Walt
    Disney; Louis Vuitton; Reliance Industries; Tata Motors; Tata Steel; Anheuser-Busch; Burger King; Jaguar Land Rover;
    Electronic Arts; Virgin Atlantic; Virgin Galactic; Prudential-Bache; Kidder Peabody; PaineWebber; First Boston; E.F.
    Hutton; S.G. Warburg; Morgan Grenfell; Kleinwort Benson; Hill Samuel
    """
)
#: first names; none that is as often a place's or a company's (Jordan, Paris, Morgan, Austin, Florence)
FIRST_NAMES = words(
    """
    Abdelaziz Abdelmadjid Erling Jürgen Kylian Lionel Giorgia Emmanuelle Kamala Volodymyr Hakan Kaja Mette Ebrahim Nayib
    Aaron Abdel Abdul Abdullah Abdulaziz Abdulrahman Abraham Adam Adel Adolfo Adrian Ahmad Ahmed Aisha Akira Alain Alan Albert
    Alberto Alejandro Aleksandr Alex Alexander Alexandra Alexei Alfonso Alfred Alfredo Ali Alice Alicia Alison Allan Allen
    Alvaro Amanda Amir Amy Ana Anastasia Anders Andre Andrea Andreas Andrei Andrés Andrew Andy Angela Angus Anita Ann Anna
    Anne Annie Anthony Antoine Anton Antonio António Antony Anwar Ariel Arnold Arthur Arturo Asif Ashraf Ayman Barbara
    Barack Barry Bashar Ben Benazir Benjamin Benny Bernard Bernardo Bernd Bertrand Beryl Bettino Bill Björn Bob Bobby
    Boris Brad Brendan Brenda Brian Bridget Bruce Bruno Bryan Caesar Carl Carla Carlo Carlos Carmen Carol Caroline Caspar
    Catherine Cecilia Charles Charlie Chris Christian Christina Christine Christoph Christophe Christopher Cindy Claire
    Claudia Claudio Clayton Clive Colin Connie Corazon Craig Cristina Cyril Daniel Daniela Danny Dave David Deborah Denis
    Dennis Derek Diana Diane Diego Dieter Dimitri Dmitry Dominic Dominique Don Donald Doug Duncan Ed Eddie Edgar Eduardo
    Edward Edwin Eileen Elena Elizabeth Ellen Emily Emma Emmanuel Enrique Eric Erich Erik Ernest Ernst Erwin Esther Eugene
    Eva Evelyn Fadi Fahd Faisal Farid Fatima Federico Felipe Felix Ferdinand Fernando Fidel Fiona Francesca Francesco
    Francis Francisco Franco Francois François Frank Franz Fred Frederick Frederic Friedrich Fritz Gabriel Gary Gavin Gene
    Geoffrey Geoff George Georges Gerald Gerard Gerhard Giorgio Giovanni Giulio Giuseppe Gordon Graham Greg Gregory Gro
    Guido Guillermo Günter Gustavo Guy Hamad Hamid Hans Hanna Harald Harold Harry Harvey Hassan Hector Heidi Heinrich
    Heinz Helen Helmut Henri Henry Herbert Herman Hideo Hillary Hiroshi Hossein Hosni Howard Hugh Hugo Hussein Ian Ibrahim
    Igor Imran Ingrid Irene Isaac Isabel Isabelle Ismail Ivan Ivo Jack Jacob Jacqueline Jacques Jaime James Jamie Jan Jane
    Janet Janos Jason Javier Jay Jean Jean-Claude Jean-Pierre Jean-Paul Jean-Luc Jean-Marie Jeff Jeffrey Jennifer Jens
    Jeremy Jerry Jesse Jessica Jesus Jim Jimmy Joachim Joan Joao João Joaquin Jochen Joe Joel Johan Johannes John Johnny
    Jon Jonas Jonathan Jorge José Jose Josef Joseph Josep Joshua Joyce Juan Judith Julia Julian Julie Julio Jürgen Justin
    Kamal Karen Karim Karl Karl-Heinz Karl-Otto Kate Katherine Kathleen Kathy Katie Keith Ken Kenneth Kevin Khaled Khalid
    Khalil Kiichi Kim Kirk Klaus Konstantin Kurt Larry Lars Laura Laurence Laurent Lawrence Lech Lee Leon Leonard Leonid
    Leopoldo Leslie Linda Lionel Lisa Liz Lorenzo Lou Louis Louise Luc Luca Lucas Lucia Ludwig Luigi Luis Luiz Luke Lynn
    Mahathir Mahdi Mahmoud Malcolm Manfred Manmohan Manuel Marc Marcel Marco Marcos Marcus Margaret Maria María Marie
    Marilyn Mario Mark Markus Martha Martin Martina Mary Masoud Massimo Mathias Matt Matteo Matthew Matthias Maurice
    Mauricio Max Maxime Megan Mehdi Mehmet Melissa Michael Michel Michele Michelle Miguel Mike Mikhail Milan-Baros Miriam
    Mitch Mohamed Mohammad Mohammed Mohsen Moncef Monica Mostafa Muammar Muhammad Mustafa Nabil Nadia Nadine Nancy Naomi
    Narendra Nasser Natalia Natalie Nathan Neil Nelson Nicholas Nick Nicola Nicolas Nigel Nikita Nikolai Norman Nouri Oleg
    Oliver Olivier Olga Omar Osama Oscar Osman Otto Pablo Pamela Pat Patricia Patrick Paul Paula Paulo Pavel Pedro Penny
    Per Percy Pervez Pete Peter Petr Philip Philippe Phil Phillip Pierre Pieter Rachel Rafael Rafic Rafik Rainer Rajiv
    Ralf Ralph Ramon Ramzi Randall Randy Raul Raúl Ray Raymond Rebecca Recep Reinhard René Ricardo Richard Rick Ricky
    Rilwanu Rita Rob Robert Roberta Roberto Robin Rodrigo Roger Roland Rolf Roman Romano Ron Ronald Ronnie Ross Roy Rudolf
    Rudolph Rui Rupert Russell Ruth Ryan Saad Saddam Saeed Saleh Salim Salman Salvador Sam Sami Samuel Sandra Sandy Sanjay
    Sara Sarah Satoshi Scott Sean Sebastian Sébastien Serge Sergei Sergey Sergio Shane Sharon Shaun Shimon Shinzo Silvio
    Simon Sofia Sonia Sophie Stefan Stefano Stella Stephan Stephane Stephanie Stephen Steve Steven Stuart Sue Susan
    Susanne Suzanne Sven Sylvia Takeshi Tamim Tariq Tarek Tayyip Ted Teresa Terry Theo Theodore Theresa Thierry Thomas Tim
    Timothy Tina Todd Tom Tommy Tony Tracy Tzipi Ulrich Ursula Valentina Valery Vanessa Vera Vicente Victor Viktor Vincent
    Vincenzo Vitaly Vladimir Volodymyr Vyacheslav Walid Walter Wayne Wendy Werner Wilhelm William Willie Willy Wim
    Wolfgang Xavier Yasser Yasuhiro Yitzhak Yoshio Youssef Yuri Yusuf Yves Yvonne Zayed Zbigniew Zine Zoe Noboru Toshiki
    Satoshi Kenji Takashi Toshio
    """
)
