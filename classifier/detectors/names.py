"""First names that are common in Britain and Ireland, written from general knowledge: a help to
tell a person from a thing. A name that is also an everyday word (Grace, Will, Mark) counts only
with a capital letter. No register and no data set stands behind this list."""

import re

_NAMES = """
aaliyah aaron abbie abby abdul abdullah abigail adam adele adrian aela ahmed aiden aisha aisling
alan alana albert aled alejandro alex alexander alexandra alfie alfred ali alice alicia alison
alun alyssa amara amber amelia amelie amina amir amy anaya andrea andrew andrzej aneurin angela
angharad angus anika anita anna annabel anne annie anthony anya aoife archie aria ariana arjun
arlo arthur arun asha ashley aston ava ayaan ayesha barbara beatrice bella ben benjamin bernadette
beth bethan bethany beverley bilal bob bobby bonnie bradley brandon bree brenda brian bridget
bronte bronwen bruno bryn caitlin callum calum cameron cara carl carla carol caroline carys
catherine cerys charles charlie charlotte cheryl chidi chinedu chloe chris christine
christopher ciara claire clara clive colin conor connor corey courtney craig daisy dan daniel
danielle danny daria darius darren dave david dawn dean deborah declan deepa delilah demi denise
dennis derek dewi diana diane diego dilys dina dominic donna dorothy duncan dylan ebony eddie
edith edward efa eilidh eira elaine eleanor elena eleri elijah elin eliza elizabeth ella elle
ellie elliot elliott elsie emil emilia emily emma emmanuel eoin eric erin esme esther ethan euan
eva eve evelyn evie ewan faisal faith farah fatima felix femi ffion finlay finley finn fiona
florence fran frances francesca francis frank frankie fraser fred freddie frederick freya
gabriel gabriella gareth gary gemma geoff george georgia georgina geraint gethin gillian gina
glenn gordon grace graham grainne greg gregory gwen gwyneth habib hamish hamza hana hannah harley
harriet harrison harry harvey hasan hassan hayley hazel heather heidi helen helena henry hettie
holly hope hugh hugo huw ian ibrahim idris iestyn imani imogen imran ines ioan iona iris isaac
isabel isabella isabelle isha isla ismail ivan ivy iwan jack jackie jackson jacob jade jago jake
jakub jamal james jamie jan jana jane janet janine jason jasmin jasmine jason jay jayden jean
jemima jen jennifer jenny jeremy jess jessica jessie jill jim jo joan joanna joanne jodie joe joel
john jonah jonathan jordan joseph josephine josh joshua joyce juan jude judith julia julian julie
june kai kamal karen karl karolina kasia kate katherine kathleen kathryn katie katy kayla keira
keiran keith kelly kelsey ken kenneth kerry kevin khadija kian kieran kim kirsty kofi krish
kwame kyle lacey lara laura lauren lawrence layla leah leanne lee leila lena leo leon leonard
lewis lexi liam libby lidia lily linda lindsay lisa liz lloyd logan lois lola louie louis louisa
louise lowri luca lucas lucia lucy luis luke luna lydia lynn mabel maddie madison mads maeve magda
mairi maisie malachi malcolm malik mandy manish manuel marcin marcus marek margaret maria marie
marion mariam marta martha martin martina martyn mary maryam mason mateusz matilda matt matthew
maureen max maya megan mehmet melanie melissa meredith mia michael michal michelle miguel mike
mila millie milo miriam mohamed mohammad mohammed moira molly monica morag morgan morwenna muhammad
murray mustafa myfanwy myles nabil nadia naomi natalia natalie natasha nathan nathaniel neha neil
nell nia niall niamh nicholas nicola nicole nigel nikhil nina noah noor nora norman odette oisin
olive oliver olivia ollie olly oluwaseun omar oscar osian otis owain owen paige pamela patricia
patrick paul paula pauline pavel pawel penelope penny perpetua peter petra phil philip phoebe piers
piotr polly poppy priya priyanka quentin rachel rafael rafal raheem rahul raj rajesh ralph ravi
ray rebecca reece reggie reuben rhian rhiannon rhona rhys richard riley rita robbie robert robin
robyn rohan roisin roman ronan ronnie rory rosa rosalind rosie ross rowan roxanne roy ruby rupert
russell ruth ryan saanvi sadie saif saima salma sam samantha samina samir samuel sana sandra sanjay
saoirse sara sarah sasha scarlett scott sean sebastian seren shane shannon sharon shaun sheila
shelley shirley shreya sian sienna simon simran sinead siobhan skye sofia sophia sophie stacey stan
stanley stella stephanie stephen steve steven stewart stuart sue sunil susan suzanne sylvia
tabitha tahira tamara tamsin tania tanya tara tariq taylor teddy temi terry tessa thea theo theodore
theresa thomas tia tiffany tilly tim timothy tobias toby tom tomasz tommy tony tracey tracy trevor
tristan tyler uma umar valerie vanessa vera veronica vicky victor victoria vijay vikram violet wanda
wayne wendy wilf wilfred william willow wren xanthe yasmin yolanda yusra yusuf yvonne zac zach zahra
zainab zak zara zayn zeynep zofia zoe zuzanna
"""
FIRST_NAMES = frozenset(_NAMES.split())

EVERYDAY = frozenset(
    re.split(
        r"\s+",
        "amber april archie ash dan dawn dean dot eve faith frank grace hazel "
        "heather holly hope iris"
        " ivy jack jay jean june kit lee lily mark max may miles olive pat penny "
        "poppy ray rob robin"
        " rose rosie rowan ruby sky skye sue summer taylor tim tom tommy violet will "
        "willow wren bob"
        " bella bonnie bree ken kim logan luna mason morgan myles nell otis piers riley scott stan"
        " teddy victor chris rich charity story ali ben hugh daisy beth",
    )
)
"""Names that are words as well."""


def is_first_name(word: str) -> bool:
    """Whether it is on the list, in any case of letters."""
    return word.lower() in FIRST_NAMES
