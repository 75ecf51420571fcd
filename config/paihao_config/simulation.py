"""What the simulated citizens of a hall do; invented figures, kept apart from the plan."""

import msgspec


class SimulationProfile(msgspec.Struct, frozen=True, kw_only=True):
    """Arrivals, service times and habits for the demo and the digital twin.

    Attributes:
        arrivals: people a day by queue id; a queue not named has none.
        service_s: median time at the window by queue id; every queue of the hall is named.
        spread: sigma of the log-normal service time; 0 means always the median.
        no_show: share of tickets, 0..1, whose holders do not come when called.
        classes: share of all tickets, 0..1, by class id; the rest is regular.
        services: weight by service id within its queue; a service not named weighs 1.
        by_hour: weight of arrivals by local hour 0..23; empty means even over the hall's hours.
    """

    arrivals: dict[str, float] = msgspec.field(default_factory=dict)
    service_s: dict[str, int] = msgspec.field(default_factory=dict)
    spread: float = 0.5
    no_show: float = 0.0
    classes: dict[str, float] = msgspec.field(default_factory=dict)
    services: dict[str, float] = msgspec.field(default_factory=dict)
    by_hour: dict[int, float] = msgspec.field(default_factory=dict)
