"""All words of the kiosk in Chinese and English; halls add their own names, papers and notices.

``{...}`` are places for values. A missing translation is an error, never a silent fallback.
"""

from typing import Final, Literal

from paihao_hall.plan import Text

Language = Literal["zh", "en"]


def say(key: str, language: Language, **values: object) -> str:
    """Return the words of a key.

    Raises:
        KeyError: there is no such key or no value for a place.
    """
    text = WORDS[key]
    return (text.zh if language == "zh" else text.en).format(**values)


def first(text: Text, language: Language) -> str:
    """Return a hall's text in the language, or in Chinese where the hall has no English."""
    return text.en if language == "en" and text.en else text.zh


def second(text: Text, language: Language) -> str:
    """Return a hall's text in the other language, empty where the hall has none."""
    if not text.en:
        return ""
    return text.zh if language == "en" else text.en


def other(language: Language) -> Language:
    """Return the language that stands below."""
    return "en" if language == "zh" else "zh"


WORDS: Final = {
    # Home
    "what-do-you-need": Text("您要办什么事？", "What do you need?"),
    "search-hint": Text("打事项名或拼音，如 bdc", "Type a service, e.g. passport"),
    "search": Text("搜索", "Search"),
    "id-card": Text("身份证取号", "With ID card"),
    "id-card-first": Text("身份证取号", "ID or passport"),
    "scan": Text("扫码・预约", "Scan / booking"),
    "no-reader": Text("本机没有读卡器", "No reader here"),
    "no-scanner": Text("本机没有扫码器", "No scanner here"),
    "floor": Text("楼", "Floor"),
    "waiting": Text("等候 ", " waiting"),
    "people": Text(" 人", ""),
    "about-min": Text("约 {low}-{high} 分钟", "{low}-{high} min"),
    "count-unknown": Text("人数暂缺", "Count unknown"),
    "no-estimate": Text("暂时无法估计", "No estimate"),
    "ask-first": Text("先问一问", "Ask first"),
    "collect": Text("领证取件", "Collect"),
    "complain": Text("有诉即办", "Complain"),
    "my-ticket": Text("我的号票", "My ticket"),
    "zone-closed": Text("今日不办", "Closed"),
    "opens": Text("{when} 开", "Opens {when}"),
    # Bars
    "english": Text("English", "中文"),
    "english-under": Text("", "Chinese"),
    "big-text": Text("大字版", "Big text"),
    "seated": Text("坐姿版", "Seated"),
    "help": Text("求助", "Help"),
    "back": Text("返回", "Back"),
    "home": Text("首页", "Home"),
    # Services
    "all": Text("全部", "All"),
    "items": Text("{count} 项", "{count}"),
    "services": Text("{count} 项", "{count} services"),
    "zone-waiting": Text("全区等候 ", "Zone: "),
    "zone-waiting-after": Text(" 人", " waiting"),
    "windows": Text("{numbers} 号窗口", "Windows {numbers}"),
    "windows-short": Text("{numbers} 号", "{numbers}"),
    "ahead": Text("前面 ", " ahead"),
    "paused": Text("暂停", "Paused"),
    "back-at": Text("约 {time} 恢复", "Back about {time}"),
    "back-later": Text("稍后恢复", "Back later"),
    "full": Text("今日已满", "Full today"),
    "other-ways": Text("看其他办法", "Other ways"),
    "closed": Text("今日不办", "Not today"),
    "ask-desk": Text("请问总服务台", "Ask the desk"),
    "previous": Text("上一页", "Previous"),
    "next": Text("下一页", "Next"),
    "page-before": Text("第 ", "Page "),
    "page-after": Text(" 页，共 {pages} 页", " of {pages}"),
    "on-the-spot": Text("当场办完", "on the spot"),
    # Search
    "matches": Text("等 {count} 项", "{count} matches"),
    "services-found": Text("共 {count} 项", "{count} services"),
    "next-items": Text("下 {count} 项", "Next {count}"),
    "first-items": Text("回到前面", "Back to first"),
    "not-found-ask": Text("没找到？先问一问", "Not found? Ask us"),
    "nothing-found": Text("没有找到，先问一问", "Nothing found. Ask us"),
    "nothing-found-how": Text("取一个咨询号，工作人员帮您找。", "Take a consult number."),
    "try-again": Text("也可以少打几个字再试。", "Or try with fewer letters."),
    "initials-hint": Text("打拼音首字母，比如不动产打 bdc", "Type the first letters of the name"),
    "clear": Text("清空", "Clear"),
    "all-services": Text("全部事项", "All services"),
    "letters": Text("ABC", "ABC"),
    "digits": Text("123", "123"),
    # Confirm
    "fact-ahead": Text("前面", "Ahead"),
    "fact-about": Text("大约要等", "About"),
    "fact-where": Text("去哪里", "Where"),
    "fact-windows": Text("哪些窗口", "Windows"),
    "value-people": Text("{count} 人", "{count}"),
    "value-minutes": Text("{low}-{high} 分钟", "{low}-{high} min"),
    "value-floor": Text("{floor} 楼", "Floor {floor}"),
    "value-windows": Text("{numbers} 号窗口", "{numbers}"),
    "any-window": Text("听叫号", "As called"),
    "papers": Text("要带的材料", "Papers to bring"),
    "no-papers": Text("要带什么，请问总服务台", "Please ask the service desk"),
    "papers-ask": Text("其他材料请问窗口", "Ask at the window for more"),
    "which-class": Text("您是哪一类？", "Which are you?"),
    "more": Text("更多", "More"),
    "choose-one": Text("请选一个", "Choose one"),
    "in-order": Text("按先后叫号", "In order of arrival"),
    "take-number": Text("取号", "Take a number"),
    "printing": Text("正在出票…", "Printing..."),
    "consult-first": Text("材料不确定？先取咨询号", "Not sure? Take a consult number"),
    "consult-short": Text("先取咨询号", "Ask first"),
    "offline-take": Text("请到总服务台取号", "Please ask the service desk"),
    "offline-take-why": Text("网络断了，本机暂不能出号", "Offline: no numbers here for now"),
    # Printed
    "success": Text("取号成功", "Your number"),
    "your-number": Text("您的号码", "Your number"),
    "about": Text("约 {low}-{high} 分钟", "About {low}-{high} min"),
    "whole-line": Text(
        "前面 {ahead} 人，约 {low}-{high} 分钟", "{ahead} ahead, about {low}-{high} min"
    ),
    "whole-line-bare": Text("前面 {ahead} 人", "{ahead} ahead"),
    "please-go": Text("请到", "Please go to"),
    "sit-and-wait": Text("坐着等，叫到号", "Sit until called to"),
    "then-go": Text("再去", "window"),
    "then-windows": Text(" 号窗口", ""),
    "then-window-called": Text("再去叫到的窗口", "a window."),
    "floor-wait": Text("{floor} 楼，在这里等。", "Floor {floor}, wait here."),
    "go-when-called": Text("叫到您再去。", "Go when called."),
    "you-are-here": Text("您在这层", "You are here"),
    "on-floor": Text("{floor} 楼", "Floor {floor}"),
    "follow-on-phone": Text("手机看进度", "By phone"),
    "no-download": Text("不用下载", "No app"),
    "no-name-kept": Text("不留姓名", "No name"),
    "follow-line-1": Text("扫一扫，看前面", "Follow your place"),
    "follow-line-2": Text("还有几个人", "on your phone, no app"),
    "missed-title": Text("过号了怎么办", "If you miss your call"),
    "missed-calls": Text("每个号叫 {calls} 次", "Called {calls} times"),
    "missed-grace": Text("{minutes} 分钟内回窗口", "Be back in {minutes} minutes"),
    "missed-back-n": Text("后移 {places} 位，号不作废", "You move back {places} places"),
    "missed-tail": Text("排到最后，号不作废", "You go to the end"),
    "missed-void": Text("过号作废，请重新取", "Then take a new number"),
    "take-ticket": Text("请拿走号票", "Take your ticket"),
    "done": Text("完成", "Done"),
    "home-in": Text("{seconds} 秒后回首页", "Home in {seconds} s"),
    # Unsure
    "kept": Text("号已经取好，票没打好", "Number kept, ticket not printed"),
    "kept-under": Text("号不会丢，也不会重复。", "Number kept. The ticket may not have printed."),
    "save-it": Text("扫一扫，号存到手机", "Scan: keep it on your phone"),
    "photo": Text("也可以拍下这个屏幕，", "Or take a photo of this screen,"),
    "write-down": Text("或者用笔记下 ", "or write down "),
    "save-under-1": Text("扫码、拍照，", "Scan, take a photo,"),
    "save-under-2": Text("或者用笔记下。", "or write it down."),
    "tell-staff": Text("请告诉工作人员", "Please tell the staff"),
    "tell-staff-why": Text("本机打印机要人看一下", "The printer needs a look"),
    "print-again": Text("再打一次", "Print again"),
    "printer-not-ready": Text("打印机还没好", "Printer not ready"),
    "noted-done": Text("记好了，完成", "Noted, done"),
    "never-lost": Text(
        "号不会丢，也不会重复。总服务台可补打号票。", "Never lost, never given twice."
    ),
    "reprint-desk": Text("总服务台可补打号票。", "Reprint at the service desk."),
    # Offline
    "offline": Text("网络断了，暂时不能取号", "Offline. No numbers here for now."),
    "offline-where": Text("请到总服务台取号", "Please ask the service desk."),
    "figures-unseen": Text("人数和时间暂时看不到", "No figures now"),
    # Paper out
    "no-paper": Text("本机没纸，号显示在屏幕上", "No paper: your number is shown on the screen"),
    "printer-out": Text(
        "打印机坏了，号显示在屏幕上", "Printer down: your number is shown on screen"
    ),
    # Before opening
    "not-yet": Text(
        "{time} 开始叫号，现在可以先取号", "Calling starts at {time}. You may take a number now."
    ),
    "value-begins": Text("{time} 开始", "From {time}"),
    # Messages
    "starting": Text("正在连接大厅系统…", "Connecting to the hall..."),
    "starting-how": Text("请稍等，或到总服务台取号。", "Please wait, or ask the service desk."),
    "no-answer": Text("系统还没有回答", "No answer yet"),
    "no-answer-how": Text(
        "请稍等。回答一到，号票马上打出来；也可以到总服务台取号。",
        "Please wait: the ticket is printed as soon as the answer comes. Or ask the service desk.",
    ),
    "hall-closed": Text("今天取号已经结束", "No more numbers today"),
    "hall-closed-how": Text("{when} 再来取号。", "Numbers again {when}."),
    "service-closed": Text("这件事今天不办", "Not offered today"),
    "service-closed-how": Text(
        "可以先取咨询号，或到总服务台问哪天办。", "Take a consult number or ask the service desk."
    ),
    "service-full": Text("今天的号已经发完", "All numbers for today are taken"),
    "service-full-how": Text(
        "可以先取咨询号，或到总服务台问其他办法。", "Take a consult number or ask the service desk."
    ),
    "not-known": Text("这件事刚刚有变动", "This service has just changed"),
    "not-known-how": Text("请回首页再选一次。", "Please start again from the first page."),
    "refused": Text("这次没有取成号", "No number this time"),
    "refused-how": Text("请到总服务台，工作人员帮您。", "Please ask the service desk."),
    "staff-helps": Text("请工作人员帮您", "Our staff will help you"),
    "help-how": Text(
        "请到总服务台，或向身边的工作人员招手。",
        "Please go to the service desk, or wave to the staff near you.",
    ),
    "big-text-how": Text(
        "本机还没有大字版。请到总服务台，工作人员帮您取号。",
        "This machine has no big text yet. The service desk takes a number for you.",
    ),
    "seated-how": Text(
        "本机还没有坐姿版。请到总服务台，工作人员帮您取号。",
        "This machine has no seated mode yet. The service desk takes a number for you.",
    ),
    "my-ticket-how": Text(
        "用手机扫号票上的码，看前面还有几个人。号票丢了，请到总服务台补打。",
        "Scan the code on your ticket to follow it. Lost it? The service desk prints it again.",
    ),
    "no-such-service": Text("本厅请到总服务台办", "Please ask the service desk"),
    "no-such-service-how": Text(
        "总服务台有人接待，不用取号。", "Somebody is there for you; no number needed."
    ),
    "service-desk": Text("总服务台", "Service desk"),
    # Days
    "today": Text("今天 {time}", "today {time}"),
    "tomorrow": Text("明天 {time}", "tomorrow {time}"),
    "on-day": Text("{day} {time}", "{day} {time}"),
    "days": Text("周一 周二 周三 周四 周五 周六 周日", "Mon Tue Wed Thu Fri Sat Sun"),
    "months": Text("", "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
}
