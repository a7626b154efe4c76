"""The demonstration's pages of text. They say what is true of the software, and where a council has to say its own."""

from dataclasses import dataclass

from home.demo.adding import add
from home.demo.blocks import body
from home.models import HomePage, StandardPage


@dataclass(frozen=True)
class Text:
    """A page of text: its headings and paragraphs in order."""

    name: str
    title: str
    summary: str
    parts: tuple[tuple[str, str], ...]
    with_contact: bool = False


def heading(text: str) -> tuple[str, str]:
    """A heading."""
    return "heading", text


def paragraphs(*texts: str) -> tuple[str, str]:
    """Paragraphs."""
    return "paragraph", "".join(f"<p>{text}</p>" for text in texts)


def points(*texts: str) -> tuple[str, str]:
    """A list."""
    return "paragraph", "<ul>" + "".join(f"<li>{text}</li>" for text in texts) + "</ul>"


TEXTS = (
    Text(
        "community-planning",
        "What community planning is",
        "Who plans, what for, and where you come in.",
        (
            paragraphs(
                "Community planning is how the council, public services and local people agree on what the borough should be "
                "like in years to come, and on who does what to get there.",
                "Since 2015 every council in Northern Ireland has had a duty to lead it, under the Local Government Act "
                "(Northern Ireland) 2014. Other public bodies have a duty to take part.",
            ),
            heading("How a plan is made"),
            points(
                "The partners look at how life here is: figures, what people say, and what is missing.",
                "For each theme a working group of people and organisations suggests outcomes, and how one would see that they "
                "are reached.",
                "Everybody can answer consultations, come to events and share ideas.",
                "The partnership decides, publishes the plan, and says what came of what people told it.",
                "Every two years it publishes a statement of how far it has come, and every four years it reviews the plan.",
            ),
            heading("Where you come in"),
            paragraphs(
                "You need no account and no special knowledge. Say how things are where you live, what matters to you and what "
                "should change. Somebody reads every answer.",
            ),
        ),
    ),
    Text(
        "contact",
        "Contact",
        "How to reach the people who look after the plan.",
        (
            paragraphs(
                "Write to the e-mail address below: with a question, when something on this site does not work, or when you would "
                "like somebody to come to your group.",
                "This is a demonstration, so nobody reads what is sent to that address. A council that uses the software gives its "
                "own, with a postal address, a telephone number, and how soon people get an answer.",
            ),
        ),
        with_contact=True,
    ),
    Text(
        "formats",
        "Other formats and languages",
        "Large print, easy read, sign language, paper, and the languages of this site.",
        (
            heading("Formats"),
            paragraphs(
                "A consultation’s start page names what there is to read before answering, easy-read and sign-language versions "
                "among it. Every page can be printed, and its text made larger in the browser.",
                "If you need something in large print, in easy read, as audio, in Braille or on paper, ask for it by e-mail. A "
                "council says here how long that takes.",
            ),
            heading("Languages"),
            paragraphs(
                "You can change the language at the top of each page that was translated. Consultations can be answered in every "
                "language that their start page names, and all answers count together.",
                "The Irish and Polish texts of this demonstration have not been checked by a native reader. Where a text was not "
                "translated, you see it in the language it was written in.",
                "At an event, an interpreter can be asked for. The event’s page says until when.",
            ),
        ),
        with_contact=True,
    ),
    Text(
        "accessibility",
        "Accessibility statement",
        "How this demonstration site can be used, what was tested, and what to do where it can’t be used.",
        (
            paragraphs(
                "This statement is about the pages of this demonstration site. A council that uses the software puts its own in "
                "its place.",
                "As many people as possible should be able to use this site. That means you should be able to:",
            ),
            points(
                "use every page with a keyboard alone",
                "make the text four times as large without it running off the screen",
                "read every page on a screen that is 320 pixels wide",
                "use light, dark and high-contrast colours as your device is set",
                "read and answer without JavaScript",
                "listen to every page with a screen reader",
            ),
            heading("How accessible this site is"),
            paragraphs(
                "The site is meant to meet the Web Content Accessibility Guidelines 2.2 at level AA. We call it partially "
                "compliant, because it has not been audited by anybody else, and because of the following:",
            ),
            points(
                "The Irish and Polish texts were not checked by a native reader.",
                "On pages in Ulster-Scots some of the site’s own words, such as those of buttons, are in English.",
                "Files that editors upload, such as PDFs, can be less accessible than pages. Where there is a page with the same "
                "content, it is named first.",
                "A picture, a sign-language film or a table that an editor adds is as accessible as the editor makes it.",
                "The area where staff sign in is not part of this statement.",
            ),
            heading("What was tested, and how"),
            paragraphs(
                "Each change of the software is tested by programs in the Chromium browser. They apply the rules of axe-core to the "
                "public pages at widths of 320 and 1280 pixels, to some in dark colours, too, look for text that runs off the "
                "screen, and fill in a consultation by keyboard and without JavaScript.",
                "Programs find only part of what can be wrong. No disabled people have tested this demonstration, and it has not "
                "been tested by hand with screen readers. A council does so before it uses the software, and gives the date of "
                "the test and of this statement here.",
            ),
            heading("Tell us what does not work"),
            paragraphs(
                "If you find something that you can’t use, or need the content in another format, write to the address at the end "
                "of this page and say which page it is about. A council says here within how many days it answers.",
            ),
            heading("If you are not content with the answer"),
            paragraphs(
                "The Equality Commission for Northern Ireland is responsible for enforcing the Public Sector Bodies (Websites and "
                "Mobile Applications) (No. 2) Accessibility Regulations 2018 in Northern Ireland. If you are not content with how "
                "a council answers your complaint, you can contact the Commission: www.equalityni.org.",
            ),
        ),
        with_contact=True,
    ),
    Text(
        "privacy",
        "Privacy notice",
        "What is kept when you answer a consultation or share an idea, and what is not.",
        (
            paragraphs(
                "This is a demonstration: please do not enter real personal details. A council names here who is responsible, its "
                "data protection officer, and the lawful basis.",
            ),
            heading("Reading"),
            paragraphs(
                "Reading sets no cookie and needs no account, and no other site is asked for anything. A council says here what "
                "its servers note of each visit, and for how long.",
            ),
            heading("Your answers"),
            paragraphs(
                "Your answers are kept with the time, the language and the way in which they came. No address of a device and no "
                "description of a browser is kept with them. Officers with the right to do so read the answers and download them; "
                "the public sees rounded figures only.",
                "A draft that was never sent stays in the database until it is cleared.",
            ),
            heading("Questions about yourself"),
            paragraphs(
                "What you say to the questions about yourself (age, religion, disability and so on) is stored apart. It is in no "
                "download, e-mail or list; staff see rounded totals. If you take your answers back it is deleted, too. When the "
                "results are final, the link between the two is cut: from then on nobody can say which of them were yours, so they "
                "can’t be given out, corrected or deleted any more. Officers who erase somebody’s answers before that erase these "
                "as well.",
            ),
            heading("Ideas"),
            paragraphs(
                "An idea that you share is read before it is shown, and can be shown without what could tell who somebody is. An "
                "e-mail address that you give with it is kept apart, used to tell you what becomes of the idea, and deleted with "
                "the last e-mail or after a year.",
            ),
            heading("Your rights"),
            paragraphs(
                "You can ask what is kept about you, and have it corrected or deleted: for an answer or an idea, give the reference "
                "that you were shown. If you are not content with the answer, you can complain to the Information Commissioner’s "
                "Office: ico.org.uk.",
            ),
        ),
        with_contact=True,
    ),
    Text(
        "cookies",
        "Cookies",
        "Readers get none. Answering needs one.",
        (
            paragraphs(
                "Reading these pages, searching them and sharing an idea sets no cookie, and nothing else is stored in your browser.",
            ),
            heading("When you answer a consultation"),
            paragraphs(
                "When you save the first section of a consultation, or open a link to answers that you saved, one cookie is set: "
                "“answering”, or “__Secure-answering” where the site is served over HTTPS. It holds your place in that "
                "consultation and is sent to its pages alone. It lasts 28 days at most, and 30 minutes once you have sent your "
                "answers. Scripts cannot read it. Answering does not work without it.",
            ),
            heading("When staff sign in"),
            paragraphs(
                "Staff who open the page for signing in get two: “sessionid”, which keeps them signed in until the browser is closed, twelve hours at most, and "
                "“csrftoken”, which guards their forms and lasts a year. On a council’s server they are called “__Host-session” and "
                "“__Host-csrf”.",
            ),
            paragraphs(
                "No cookie of this site is used to count visitors, to advertise, or to follow anybody, so you are not asked about any.",
            ),
        ),
    ),
)


def add_all(home: HomePage) -> None:
    """Add those that are missing, to the foot of every page."""
    for text in TEXTS:
        add(
            home,
            StandardPage,
            text.name,
            title=text.title,
            summary=text.summary,
            in_footer=True,
            with_contact=text.with_contact,
            body=body(text.name, *text.parts),
        )
