"""Start with `cockpit demo`, or with `streamlit run app.py`, which is the same."""

import streamlit as st

from cockpit import ROOT
from cockpit.web import launch
from cockpit.web.lifespan import lifespan, middleware, on_script_error, routes

launch.settle_address()
app = st.App(
    ROOT / "cockpit" / "ui" / "shell.py",
    routes=routes(),
    middleware=middleware(),
    lifespan=lifespan,
    on_script_error=on_script_error,
)
