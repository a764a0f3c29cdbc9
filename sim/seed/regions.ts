/**
 * What a generated company is made of, by home country. Everything is invented; phone numbers lie in
 * ranges kept free for fiction where a country has one.
 */

type List = readonly [string, ...string[]]
/** City, state or province ('' where addresses do without), postal code pattern ('#' is a digit, '@' a letter). */
export type City = readonly [name: string, state: string, postalCode: string, latitude: number, longitude: number]

export interface Region {
  country: string
  neighbors: List
  phonePrefix: string
  firstNames: List
  lastNames: List
  companyWords: List
  companyKinds: List
  legalForms: List
  streets: List
  cities: readonly [City, ...City[]]
}

function words(text: string): List {
  const [first = '', ...rest] = text.split(',').map((word) => word.trim())
  return [first, ...rest]
}

const ENGLISH_WORDS = words(
  'Blue Harbor,Copper Ridge,Silver Birch,Bright Path,North Pier,Elm & Oak,Redstone,Clearwater,Juniper,Ironbridge,Maple Leaf,Summit,Whitecap,Foxglove,Granite,Lighthouse,Evergreen,Bluebell,Kingfisher,Old Mill,Starling,Tall Pines,Violet,Westbrook,Hollow Creek,Amber',
)
const ENGLISH_KINDS = words(
  'Logistics,Health,Consulting,Insurance,Foods,Engineering,Dental Group,Legal,Builders,Hotels,Software,Pharma,Energy,Media,Freight,Analytics,Design & Print,Schools,Care Homes,Property,Outdoor,Robotics,Wine Merchants,Packaging',
)

export const REGIONS: readonly [Region, ...Region[]] = [
  {
    country: 'US',
    neighbors: words('CA,MX,GB'),
    phonePrefix: '+1206555',
    firstNames: words('Ava,Liam,Olivia,Noah,Emma,Mason,Sofia,Ethan,Harper,Lucas,Grace,Owen'),
    lastNames: words('Carter,Nguyen,Brooks,Ramirez,Sullivan,Patel,Whitaker,Kowalski,Hayes,Freeman,Okafor,Delgado'),
    companyWords: ENGLISH_WORDS,
    companyKinds: ENGLISH_KINDS,
    legalForms: words('Inc.,LLC,Corp.,Co.,Partners LLP,Holdings Inc.'),
    streets: words('Cedar Avenue,Lakeview Drive,Union Street,Harvest Lane,Second Avenue,Industrial Parkway'),
    cities: [
      ['Seattle', 'WA', '981##', 47.6, -122.33],
      ['Austin', 'TX', '787##', 30.27, -97.74],
      ['Columbus', 'OH', '432##', 39.96, -83],
      ['Raleigh', 'NC', '276##', 35.78, -78.64],
    ],
  },
  {
    country: 'GB',
    neighbors: words('IE,NL,FR'),
    phonePrefix: '+442079460',
    firstNames: words('Oliver,Amelia,Harry,Isla,George,Freya,Arthur,Priya,Callum,Imogen'),
    lastNames: words('Ashworth,Bennett,Clarke,Hussain,Llewellyn,MacLeod,O’Brien,Pemberton,Singh,Thornton'),
    companyWords: ENGLISH_WORDS,
    companyKinds: ENGLISH_KINDS,
    legalForms: words('Ltd,PLC,LLP,& Sons Ltd,Group Ltd'),
    streets: words('High Street,Station Road,Mill Lane,Church Row,Canal Wharf,Queensway'),
    cities: [
      ['London', '', 'EC#A #@@', 51.51, -0.12],
      ['Manchester', '', 'M# #@@', 53.48, -2.24],
      ['Cardiff', '', 'CF# #@@', 51.48, -3.18],
      ['Edinburgh', '', 'EH# #@@', 55.95, -3.19],
    ],
  },
  {
    country: 'DE',
    neighbors: words('AT,CH,NL,PL'),
    phonePrefix: '+49302312',
    firstNames: words('Jürgen,Anke,Matthias,Katrin,Jonas,Lena,Björn,Heike,Tobias,Ursula'),
    lastNames: words('Müller,Schäfer,Weiß,Krüger,Vogel,Böhm,Hartmann,Köhler,Lindner,Yılmaz'),
    companyWords: words(
      'Nordlicht,Grünwald,Brückner,Schäferhof,Rheintal,Königsfeld,Waldmann & Söhne,Falkenstein,Lindenhof,Sternberg,Mühlbach,Hanse',
    ),
    companyKinds: words(
      'Maschinenbau,Logistik,Versicherungen,Getränke,Elektrotechnik,Steuerberatung,Immobilien,Druck,Medizintechnik,Bäckereien',
    ),
    legalForms: words('GmbH,AG,GmbH & Co. KG,KG,e.K.'),
    streets: words('Lindenstraße,Bahnhofstraße,Am Mühlbach,Gartenweg,Industriestraße,Schloßallee'),
    cities: [
      ['Berlin', '', '10###', 52.52, 13.4],
      ['München', 'Bayern', '80###', 48.14, 11.58],
      ['Köln', 'Nordrhein-Westfalen', '50###', 50.94, 6.96],
      ['Düsseldorf', 'Nordrhein-Westfalen', '40###', 51.23, 6.78],
    ],
  },
  {
    country: 'FR',
    neighbors: words('BE,CH,ES,IT'),
    phonePrefix: '+3319900',
    firstNames: words('Chloé,Théo,Léa,Hugo,Zoé,Raphaël,Inès,Gaël,Maëlle,François'),
    lastNames: words('Lefèvre,Moreau,Garçon,Dubois,Rousseau,Béranger,Nguyen,Haddad,Fontaine,Guérin'),
    companyWords: words(
      'Côte d’Azur,Belle Rivière,Trois Chênes,L’Étoile,Vallée Verte,Port-Neuf,Mistral,Lumière,Château Gris,Forêt Noire',
    ),
    companyKinds: words(
      'Transports,Assurances,Conseil,Pâtisseries,Énergie,Santé,Édition,Hôtellerie,Bâtiment,Logiciels',
    ),
    legalForms: words('SARL,SA,SAS,& Fils,SCOP'),
    streets: words('Rue des Lilas,Avenue du Port,Boulevard Voltaire,Place de l’Église,Chemin Vert'),
    cities: [
      ['Paris', '', '750##', 48.86, 2.35],
      ['Lyon', '', '690##', 45.76, 4.84],
      ['Nîmes', '', '300##', 43.84, 4.36],
      ['Orléans', '', '450##', 47.9, 1.9],
    ],
  },
  {
    country: 'NL',
    neighbors: words('BE,DE,GB'),
    phonePrefix: '+3185000',
    firstNames: words('Daan,Sanne,Bram,Fleur,Joost,Anouk,Sven,Noor,Pieter,Femke'),
    lastNames: words('de Vries,van den Berg,Bakker,Jansen,Visser,van Dijk,Mulder,El Amrani,Hoekstra,Kuipers'),
    companyWords: words(
      'Zeilmaker,Polderland,De Gouden Tulp,Waterkant,Noorderlicht,Maasbrug,Duinzicht,Oranjehof,Grachten,Windkracht',
    ),
    companyKinds: words('Transport,Techniek,Bloemen,Verzekeringen,Zorg,Bouw,Advies,Software,Zuivel,Scheepvaart'),
    legalForms: words('B.V.,N.V.,& Zonen B.V.,Coöperatie U.A.'),
    streets: words('Keizersgracht,Dorpsstraat,Havenweg,Molenlaan,Stationsplein'),
    cities: [
      ['Amsterdam', 'Noord-Holland', '10## @@', 52.37, 4.9],
      ['Rotterdam', 'Zuid-Holland', '30## @@', 51.92, 4.48],
      ['Groningen', 'Groningen', '97## @@', 53.22, 6.57],
    ],
  },
  {
    country: 'ES',
    neighbors: words('PT,FR,MX'),
    phonePrefix: '+3491000',
    firstNames: words('Lucía,Mateo,Begoña,Álvaro,Nuria,Íñigo,Martina,Joaquín,Ximena,Ángel'),
    lastNames: words('García Núñez,Muñoz,Ibáñez,Peña,Serrano,Vázquez,Ortega,Cañadas,Domínguez,Prieto'),
    companyWords: words('Costa Clara,Sierra Alta,El Olivar,Puerto Nuevo,Piñón,La Mañana,Monteverde,Río Dulce,Aldea'),
    companyKinds: words('Logística,Seguros,Consultoría,Alimentación,Construcción,Energía,Clínicas,Viajes,Diseño'),
    legalForms: words('S.L.,S.A.,S. Coop.,e Hijos S.L.'),
    streets: words('Calle Mayor,Avenida de la Constitución,Paseo del Río,Calle Núñez,Plaza Nueva'),
    cities: [
      ['Madrid', 'Madrid', '280##', 40.42, -3.7],
      ['Málaga', 'Andalucía', '290##', 36.72, -4.42],
      ['A Coruña', 'Galicia', '150##', 43.36, -8.41],
    ],
  },
  {
    country: 'SE',
    neighbors: words('NO,DK,FI'),
    phonePrefix: '+46317406',
    firstNames: words('Åsa,Björn,Elin,Göran,Linnéa,Oskar,Märta,Nils,Sven,Ebba'),
    lastNames: words('Lindström,Åkesson,Björk,Sjögren,Öberg,Nyström,Hägg,Ekdahl,Söderberg,Dahl'),
    companyWords: words('Skärgård,Norrsken,Älvdalen,Björkhaga,Hjortron,Fjäll,Mälaren,Västkust,Löväng'),
    companyKinds: words('Bygg,Logistik,Konsult,Livsmedel,Energi,Sjukvård,Skog,Teknik,Försäkring'),
    legalForms: words('AB,HB,Ek. för.'),
    streets: words('Storgatan,Kyrkvägen,Björkallén,Hamngatan,Ängsvägen'),
    cities: [
      ['Stockholm', '', '111 ##', 59.33, 18.07],
      ['Göteborg', '', '411 ##', 57.71, 11.97],
      ['Malmö', '', '211 ##', 55.6, 13],
    ],
  },
  {
    country: 'PL',
    neighbors: words('DE,CZ,SE'),
    phonePrefix: '+4822555',
    firstNames: words('Łukasz,Zofia,Paweł,Małgorzata,Jakub,Agnieszka,Wojciech,Żaneta'),
    lastNames: words('Wiśniewski,Wójcik,Kamińska,Dąbrowski,Zając,Król,Szymańska,Błaszczyk'),
    companyWords: words('Złota Góra,Bursztyn,Wisła,Leśna Polana,Orzeł,Błękit,Żubr,Słoneczna'),
    companyKinds: words('Logistyka,Budownictwo,Spożywcze,Doradztwo,Energia,Meble,Oprogramowanie,Zdrowie'),
    legalForms: words('Sp. z o.o.,S.A.,Sp. k.,i Wspólnicy'),
    streets: words('ul. Długa,ul. Świętojańska,al. Róż,ul. Polna,ul. Młyńska'),
    cities: [
      ['Warszawa', 'Mazowieckie', '00-###', 52.23, 21.01],
      ['Kraków', 'Małopolskie', '30-###', 50.06, 19.94],
      ['Łódź', 'Łódzkie', '90-###', 51.76, 19.46],
    ],
  },
  {
    country: 'IL',
    neighbors: words('GB,US,DE'),
    phonePrefix: '+97235550',
    firstNames: words('נועה,איתן,תמר,יונתן,Maya,Omer,Shira,Daniel'),
    lastNames: words('כהן,לוי,אברהם,Mizrahi,Peretz,Friedman,Haddad,Shapira'),
    companyWords: words('גלי הים,אור הצפון,Carmel View,הדרים,Galil,נחל,Sabra & Co,כוכב הדרום'),
    companyKinds: words('לוגיסטיקה,טכנולוגיות,Medical,ביטוח,Agritech,הנדסה,Cyber'),
    legalForms: words('בע"מ,Ltd.,ושות׳'),
    streets: words('HaGefen Street,Olive Road,Tamar Avenue,HaBrosh Street'),
    cities: [
      ['Tel Aviv', 'Tel Aviv District', '63#####', 32.08, 34.78],
      ['Haifa', 'Haifa District', '31#####', 32.79, 34.99],
      ['Jerusalem', 'Jerusalem District', '91#####', 31.77, 35.21],
    ],
  },
  {
    country: 'AE',
    neighbors: words('GB,IN,US'),
    phonePrefix: '+97145550',
    firstNames: words('فاطمة,أحمد,Layla,Omar,مريم,Khalid,Noura,يوسف'),
    lastNames: words('المنصوري,Al Harbi,الشامسي,Haddad,Al Falasi,نصار,Rahman'),
    companyWords: words('نخيل الخليج,Palm Gate,الواحة الخضراء,Desert Falcon,لؤلؤة البحر,Oasis'),
    companyKinds: words('للتجارة,Trading,للخدمات اللوجستية,Contracting,للاستشارات,Hospitality'),
    legalForms: words('ذ.م.م,LLC,FZE,PJSC'),
    streets: words('Corniche Road,Al Noor Street,Business Bay Avenue,Date Palm Road'),
    cities: [
      ['Dubai', 'Dubai', '', 25.2, 55.27],
      ['Abu Dhabi', 'Abu Dhabi', '', 24.45, 54.38],
    ],
  },
  {
    country: 'JP',
    neighbors: words('SG,US'),
    phonePrefix: '+81350001',
    firstNames: words('陽菜,蓮,Haruka,Kenji,美咲,Sota,結衣,Takumi'),
    lastNames: words('佐藤,鈴木,Tanaka,Watanabe,山本,Kobayashi,中村'),
    companyWords: words('青葉,Sakura,富士見,Hikari,緑川,Minato,あさひ'),
    companyKinds: words('物流,商事,製作所,ソフト,食品,Trading,医療'),
    legalForms: words('株式会社,K.K.,合同会社'),
    streets: words('Midori-dori,Chuo 2-chome,Aoba 3-chome,Sakura-dori'),
    cities: [
      ['Tokyo', 'Tokyo', '100-00##', 35.68, 139.77],
      ['Osaka', 'Osaka', '530-00##', 34.69, 135.5],
    ],
  },
  {
    country: 'BR',
    neighbors: words('PT,US,MX'),
    phonePrefix: '+551155550',
    firstNames: words('João,Conceição,Thaís,Luís,Antônia,Caio,Débora,Vinícius'),
    lastNames: words('Araújo,Gonçalves,Magalhães,Conceição,Ribeiro,Simões,Brandão,Falcão'),
    companyWords: words('Ipê Amarelo,Boa Vista,São Bento,Maracujá,Serra Azul,Litoral,Aroeira,Coração'),
    companyKinds: words('Transportes,Alimentos,Construções,Consultoria,Saúde,Educação,Energia,Móveis'),
    legalForms: words('Ltda.,S.A.,e Irmãos Ltda.,EIRELI'),
    streets: words('Rua das Palmeiras,Avenida Paulista,Rua São João,Travessa do Porto'),
    cities: [
      ['São Paulo', 'SP', '01###-###', -23.55, -46.63],
      ['Florianópolis', 'SC', '880##-###', -27.6, -48.55],
    ],
  },
  {
    country: 'IN',
    neighbors: words('SG,GB,AE,US'),
    phonePrefix: '+918045550',
    firstNames: words('Aarav,Diya,Ishaan,Meera,Rohan,Kavya,Arjun,Ananya'),
    lastNames: words('Iyer,Sharma,Banerjee,Reddy,Kulkarni,Menon,Choudhury,Desai'),
    companyWords: words('Lotus,Monsoon,Himgiri,Coral Bay,Saffron,Deccan,Banyan Tree,Indigo Hills'),
    companyKinds: words('Infotech,Textiles,Logistics,Hospitals,Agro,Consulting Services,Motors,Exports'),
    legalForms: words('Pvt. Ltd.,Ltd.,LLP,& Brothers'),
    streets: words('MG Road,Residency Road,Temple Street,Ring Road,Lake View Road'),
    cities: [
      ['Bengaluru', 'Karnataka', '5600##', 12.97, 77.59],
      ['Pune', 'Maharashtra', '4110##', 18.52, 73.86],
      ['Chennai', 'Tamil Nadu', '6000##', 13.08, 80.27],
    ],
  },
  {
    country: 'CZ',
    neighbors: words('AT,DE,PL'),
    phonePrefix: '+420900555',
    firstNames: words('Jiří,Kateřina,Ondřej,Šárka,Tomáš,Zdeňka,Vojtěch,Růžena'),
    lastNames: words('Dvořák,Svobodová,Černý,Procházka,Říha,Křížová,Šimek,Němcová'),
    companyWords: words('Zlatý Důl,Vltava,Modřín,Sněžka,Červený Mlýn,Lípa,Jezero'),
    companyKinds: words('Stavby,Logistika,Potraviny,Poradenství,Strojírna,Sklo,Zdraví'),
    legalForms: words('s.r.o.,a.s.,a spol. s.r.o.'),
    streets: words('Dlouhá,Nádražní,Květnová,U Mlýna,Náměstí Svobody'),
    cities: [
      ['Praha', '', '110 ##', 50.08, 14.44],
      ['Brno', '', '602 ##', 49.2, 16.61],
    ],
  },
]

/** Companies whose names try a reader's patience: long, marked up, formula-like, right to left, emoji. */
export const AWKWARD_COMPANIES: readonly [string, ...string[]] = [
  'The Honourable Society of Booksellers, Binders, Stationers, Papermakers & Purveyors of Fine Writing Instruments of the Eastern Counties and Adjoining Islands (Incorporated) Ltd',
  '<b>Bold</b> Moves & Sons',
  '=SUM Analytics',
  '+Plus Physio',
  '@home Care',
  'O’Neill "The Plumber" O\'Neill',
  'شركة النور والأمل للتجارة العامة والمقاولات ذ.م.م',
  'מרכז הבריאות של הצפון - סניף ראשי (חיפה) בע"מ',
  'Zażółć Gęślą Jaźń S.A.',
  'Ünïcödé Überall GmbH',
  '🌻 Sunflower Nursery',
  'a',
  '100% Cotton_Co',
  'C:\\Temp & Staffing',
]
