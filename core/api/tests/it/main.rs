//! The doors with a real gateway and a real database behind them, and no socket in front.

mod apps;
mod attachments;
mod conversations;
mod description;
mod desk;
mod house;
mod integrations;
mod limits;
mod live;
mod matrix;
mod messages;
mod oauth;
mod once;
mod people;
mod promise;
mod refusals;
mod switchboard;
mod uploads;
mod walls;
mod webhooks;
mod widget;
