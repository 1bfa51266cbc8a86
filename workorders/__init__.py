"""Work orders: the register, orders with their clocks, evidence, and jobs. Knows the detectors, not the dashboard.

Rooms, for whoever comes in:

    store        `open_store(url) -> Store`; `store.version()` grows with every commit: poll it, then ask again
    words        every closed list: OrderState, Action, DismissReason, Role, JobState, CameraHealth, ...
    actors       `Actor`; who acts. `register.sites.actor_of(store, person_id)` makes one from the register
    errors       NotFound, NotAllowed, Conflict, ...: all are `LamplighterError`, one line for the screen
    queries/     what pages ask: `overview`, `orders.orders_page`, `order.order_detail`, `cameras.cameras`,
                 `assets.assets_page`, `jobs.jobs`, `people.site/people/teams/policies/suppressions`,
                 `attainment.by_week`
    orders/      what people do: `desk.perform(store, actor, order_id, Request(Action.ASSIGN, assignee="li"), version)`,
                 `desk.perform_many`, `desk.set_priority`, `remarks.comment`, `remarks.attach`, `policy.set_policy`,
                 `suppression.lift`; and what findings do: `intake`, `verification`, `circuits`
    register/    `sites`, `cameras.save_camera`, `cameras.ask_for_watch`, assets, import and export
    evidence/    files with their SHA-256; retention and check
    jobs/        `queue.ask_inspection(store, actor, source, camera_id, every_s) -> job id`, `queue.cancel`
    inspection   `run_inspection(...)`: a source in, orders out; used by the command line and the worker
    worker       the process that does the jobs
    schema/      the tables; migrations/ the steps that make them

What may be done to an order is decided here, in the order itself, never in a page.
"""
