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
                 `desk.perform_many`, `desk.set_priority`, `by_hand.raise_order`, `remarks.comment`, `remarks.attach`,
                 `policy.set_policy`, `suppression.suppress`, `suppression.lift`;
                 what findings do: `intake`, `circuits`, `verification`; what time does: `tending`
    register/    `sites`, `cameras.save_camera`, `cameras.ask_for_watch`, `assets.save_asset`,
                 `importing.import_assets`, `groups.group_lights`
    ground       the site as GeoJSON, under the map; `sample_ground`: the made-up one of the demo site
    evidence/    files with their SHA-256: `writer`, `clips`, `retention.retain`, `check.check_files`
    exports/     `orders.export_orders`, `assets.export_assets`, `labels.export_labels`
    jobs/        `queue.ask_inspection(store, actor, source, camera_id, every_s) -> job id`, `queue.cancel`
    inspection   `run_inspection(...)`: a source in, orders out; used by the command line and the worker
    watch        one camera's live source until told to stop; `worker`: the process that does the jobs
    demo/        `build_demo_site`: a made-up district for demos and load; `benchmark` measures the store on it
    schema/      the tables; migrations/ the steps that make them

What may be done to an order is decided here, in the order itself, never in a page.
"""
