//! The official Sunshine Conversations clients and one of Zendesk Support, unmodified, told nothing but a base path and a key.

mod answers;
mod consent;
mod encodings;
mod events;
mod every_method;
mod methods;
mod models;
mod odd;
mod walk;
mod zendesk;
