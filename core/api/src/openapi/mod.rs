//! The description of the API: OpenAPI 3.1, made from the table of routes, and served with a page to read it.
//!
//! [`operations`] says what each operation is for, takes and answers; [`schemas`] has the shapes. Both use the constants
//! that the routes use, and tests hold them against the table and against what the routes really answer. Nothing here
//! decides anything about a request.

mod description;
mod document;
mod operations;
mod schema;
mod schemas;
mod serve;
mod webhooks;

pub(crate) use serve::routes;

#[cfg(test)]
mod tests;
