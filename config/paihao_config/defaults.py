"""What a hall has when its file says nothing."""

from datetime import time
from typing import Final

from paihao_hall.plan import REGULAR, Band, Pause, Text, TicketClass

STANDARD: Final = "standard"
"""The missed policy of queues that name none; a file may define it anew."""

HOURS: Final = (Band(time(9), time(12)), Band(time(13), time(17)))
WEEKDAYS: Final = (1, 2, 3, 4, 5)

REGULAR_CLASS: Final = TicketClass(
    id=REGULAR, name=Text("普通", "Regular"), hint=Text("按先后叫号", "In order")
)
"""The class every hall has; it stands first when the file does not list it."""

PAUSES: Final = (
    Pause(reason="lunch", name=Text("午餐", "Lunch"), usual_s=1800),
    Pause(reason="toilet", name=Text("短暂离开", "Away a moment"), usual_s=600),
    Pause(reason="meeting", name=Text("会议", "Meeting"), usual_s=1800),
    Pause(reason="training", name=Text("培训", "Training"), usual_s=3600),
    Pause(reason="fault", name=Text("系统故障", "System fault"), usual_s=900),
)

PROFESSIONAL_ZONES_ADVISED: Final = 6
"""More professional zones than this are advised against."""
