//! The official Sunshine Conversations clients, unmodified, told nothing but a base path and a key.

mod answers;
mod consent;
mod encodings;
mod events;
mod every_method;
mod methods;
mod models;
mod odd;
mod walk;
