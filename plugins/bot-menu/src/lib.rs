//! bot-menu.
