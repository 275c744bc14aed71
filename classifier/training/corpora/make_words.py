"""The invented words that fill slots. TRAIN and DEV share no name, street, school or club."""


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


_SHARED = {
    "fam": _split("mum, dad, mam, nan, gran, mum, dad, auntie, stepdad"),
    "gb": _split("boy, girl"),
    "gb2": _split("son, daughter, lad, lass, grandson, niece"),
    "day": _split("Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday"),
    "time": _split("4pm, half four, 5, 5.30, quarter past six, seven, 7.15, half 7, noon"),
    "month": _split("January, March, April, June, August, October, December"),
    "yr": _split("7, 8, 9, 10, 11, 5, 6"),
    "scyr": _split("S1, S2, S3, S4, P6, P7, S5"),
    "grade": _split("1, 2, 3, 4, 5, 6"),
    "year": _split("2025, 2026"),
    "style": _split(
        "ballet, tap, drama, street dance, cheer, singing, gymnastics, choir, karate, football,"
        " swimming, modern, acro, netball, band, theatre, Irish dancing, boxing"
    ),
    "app": _split(
        "Snapchat, snap, Insta, Instagram, WhatsApp, Discord, Telegram, TikTok, Signal, Kik,"
        " Messenger, FB"
    ),
    "game": _split("Roblox, Minecraft, Fortnite, Robux, V-bucks"),
    "shoes": _split("tap shoes, pointe shoes, football boots, trainers, jazz shoes, ballet shoes"),
    "shoesize": _split("size 3, size 13, size 5, a small, age 7 to 8"),
    "i": _split("A., B., C., D., E., H., J., K., M., R., S., T."),
    "house_name": _split("Rose Cottage, The Old Dairy, Ty Gwyn, Brae House, Orchard View"),
    "office": _split("info, office, admin, bookings, hello, tickets, safeguarding, enquiries"),
    "grp": _split(
        "Muslims, Jewish people, Black people, Polish people, immigrants, refugees, gay people,"
        " trans people, lesbians, disabled people, autistic people, deaf people, Travellers,"
        " Roma families, Asian people, Catholics, Irish people, Somali families, Hindus, Sikhs,"
        " foreigners, women, asylum seekers, bisexual people, Chinese people, Nigerians"
    ),
}

TRAIN: dict[str, tuple[str, ...]] = {
    **_SHARED,
    "n": _split(
        "Ellie, Jack, Maisie, Amara, Liam, Chloe, Aisha, Rhys, Megan, Isla, Jayden, Poppy, Zara,"
        " Finlay, Niamh, Ruby, Alfie, Grace, Ibrahim, Hana, Beth, Kayla, Freya, Logan, Tyler,"
        " Mia, Noah, Sienna, Dylan, Eilidh, Cerys, Gethin, Conor, Shanice, Mohammed, Layla,"
        " Ravi, Anjali, Piotr, Zofia, Chidi, Temi, Mei, Kai, Harper, Archie, Evie, Oscar"
    ),
    "a": _split(
        "Karen, Steve, Julie, Dave, Sharon, Gary, Linda, Mo, Farah, Agnieszka, Sunil, Moira,"
        " Gwen, Declan, Patience, Trevor, Mandy, Keith, Sandra, Bev"
    ),
    "surname": _split(
        "Ashdown, Birtles, Carrick, Dunmore, Eastham, Farrow, Gilchrist, Hebden, Iqbal, Jessop,"
        " Kenworthy, Llewellyn, Mbatha, Nowicki, O'Rourke, Patel, Quigley, Ramsbottom, Singh,"
        " Thwaite, Umar, Varley, Whitlock, Yeo, Zielinski, Bhatt, Cheung, Okafor, McTavish,"
        " Griffiths, Begum, Sutcliffe, Hussain, Murphy, Evans, Campbell, Oyelaran, Kaur"
    ),
    "t": _split(
        "Miss Kerr, Mr Dunn, Mrs Platt, Miss Jodie, coach Rob, Mr Akhtar, Mrs Owen, Miss Tilly,"
        " coach Lee, Mr Fenn, Madame Roux, Miss Baird"
    ),
    "streets": _split(
        "Hawthorn Road, Station Street, Mill Lane, Priory Close, Beech Avenue, Heol Fawr,"
        " Victoria Terrace, Church Hill, Glebe Crescent, Ivy Drive, Castle Wynd, Elm Grove,"
        " Canal Row, Quarry Bank, The Rise, St Agnes Way, Ffordd Las, Kiln Court, Meadow View,"
        " Bramble Gardens, Union Place, Park Parade, Brae Loan, Salter Mews"
    ),
    "town": _split("Hull, Barry, Paisley, Derry, Bolton, Luton, Stroud, Wigan, Ayr, Rhyl, Leeds"),
    "place": _split(
        "the bus station, the skate park, the leisure centre, the library steps, the rec,"
        " the swings, the tram stop, the big Tesco, the chippy, the bandstand, the bus shelter,"
        " the train station, the retail park, the war memorial"
    ),
    "walk": _split(
        "the canal path, the alley behind the shops, the railway bridge, the woods, the river,"
        " the back lane, the old quarry, the underpass"
    ),
    "venue": _split(
        "the Guildhall, St Mark's church hall, the Playhouse, the community centre, the Lyric,"
        " the scout hut, the Corn Hall, the leisure centre, Unit 6 Mill Park"
    ),
    "postcode_area": _split("LS84, CF79, BS73, G87, NG74, SA86, YO86, EX77, M85, NE76, PO73, E27"),
    "club": _split("Starlight, Riverside Dance, the Harriers, Moorland Players, Kicks FC"),
    "clubtag": _split("starlightdance, riversideplayers, moorlandstage, kicksclub, harriers"),
    "mailbox": _split("example.com, example.org, mailbox.example, inbox.example, post.example"),
    "handle": _split("wolf_rider77, maddie.xo, just.jay, n1ghtowl, dancequeen_x, mr.smiley9"),
    "school_stem": _split(
        "Thornvale, Oakmere Cross, St Wilfreda's, Brambleholt, Coppergate Hill, Greyfell,"
        " Our Lady of the Moor, Aldersyke, Fernbarrow, St Osbern's, Larkhollow, Queen Edith's"
        " Cross, Winterfold Green, Holy Lantern, Pendleford"
    ),
    "school_kind": _split(
        "Primary, Primary School, High, High School, Academy, Junior School, Infants, Grammar,"
        " Comp, C of E Primary, RC Primary, Secondary, College, Girls' School, Community School"
    ),
    "dschool": _split(
        "Starlight School of Dance, Moorland Academy of Performing Arts, Twinkle Toes Ballet"
        " School, Riverside Stage School, Limelight Theatre School"
    ),
    "nursery": _split("Acorn Patch Nursery, Little Otters Nursery, Busy Thimbles Nursery"),
}

DEV: dict[str, tuple[str, ...]] = {
    **_SHARED,
    "n": _split(
        "Imogen, Theo, Ottilie, Yusuf, Caitriona, Bryn, Delphine, Malachi, Suki, Rowan, Angharad,"
        " Fergus, Nia, Tariq, Bohdan, Esme, Jasmeet, Ronan, Coral, Abel"
    ),
    "a": _split("Yvonne, Clive, Rashida, Glenys, Tadeusz, Maureen, Desmond, Una, Barry, Ijeoma"),
    "surname": _split(
        "Applegarth, Bannerman, Cwmbach, Danjuma, Entwistle, Fothergill, Gwilliam, Haldane,"
        " Ismail, Jankowski, Kilbride, Lockett, Mistry, Nuttall, Penhaligon, Rashid"
    ),
    "t": _split("Miss Ferris, Mr Stoddart, Mrs Bell, coach Nina, Miss Anwen, Mr Pascoe"),
    "streets": _split(
        "Tannery Lane, Rookery Road, Stryd y Felin, Lavender Close, Damson Drive, Forge Street,"
        " Harbour Terrace, Juniper Way, Kirk Brae, Windmill Rise"
    ),
    "town": _split("Crewe, Newry, Oban, Bangor, Grimsby, Slough, Truro"),
    "place": _split(
        "the precinct, the basketball court, the ferry terminal, the cinema doors, the duck pond,"
        " the garage on the corner, the bowling alley"
    ),
    "walk": _split("the towpath, the ginnel by the church, the dunes, the disused line"),
    "venue": _split("the Empire, the Miners' Institute, Trinity hall, the Arts Depot, the Dome"),
    "postcode_area": _split("BD83, LL79, DD73, TR82, CR78, B86"),
    "club": _split("Footlights, the Seagulls, Bright Steps, Valley Voices"),
    "clubtag": _split("footlightsyouth, seagullsafc, brightsteps, valleyvoices"),
    "mailbox": _split("example.net, letters.example, home.example"),
    "handle": _split("ghost.kid21, its_just_sam, lunar.loops"),
    "school_stem": _split(
        "Ravensbeck, St Cyngar's Hill, Marrowfield, Ysgol Bryn Eithin, Tidewell, Halcyon Lane"
    ),
    "school_kind": _split("Primary School, High, Academy, Juniors, Grammar School, Sixth Form"),
    "dschool": _split("Footlights Theatre School, Bright Steps School of Dance"),
    "nursery": _split("Puddle Lane Nursery, Tiny Robins Nursery"),
}
