//! What is said about an operation besides what the table of routes knows: what it is for, takes, answers and refuses.
//!
//! Every operation of the table has exactly one [`Description`], in the file of its owner under `operations`; a test
//! compares them. Method, path, path parameters, scopes and the refusals that every operation knows are not repeated.

use super::schema::Schema;

/// A part of the API, as the documentation groups it.
pub(crate) struct Group {
    /// The name of the part.
    pub(crate) tag: &'static str,
    /// What it is about, in a sentence.
    pub(crate) about: &'static str,
    /// Its operations, in the order of reading.
    pub(crate) operations: &'static [Description],
}

/// The description of one operation.
pub(crate) struct Description {
    /// The operation's id in the table of routes.
    pub(crate) id: &'static str,
    /// A line.
    pub(crate) summary: &'static str,
    /// What else a caller should know; may be empty.
    pub(crate) about: &'static str,
    /// What may stand behind the `?`.
    pub(crate) query: &'static [Parameter],
    /// What is sent.
    pub(crate) body: Body,
    /// What a success answers.
    pub(crate) success: Success,
    /// Statuses of refusals beside the common ones.
    pub(crate) refuses: &'static [u16],
}

/// A parameter of the query.
pub(crate) struct Parameter {
    /// Its name, without brackets.
    pub(crate) name: &'static str,
    /// What it does.
    pub(crate) about: &'static str,
    /// Whether the operation needs it.
    pub(crate) is_needed: bool,
    /// Its schema; objects are written with brackets, `page[size]=5`.
    pub(crate) schema: fn() -> Schema,
}

/// The body of a request.
pub(crate) enum Body {
    /// None; one that is sent is ignored as long as it is an object.
    None,
    /// JSON: the name of its schema. It may be left out where the schema needs nothing.
    Json(&'static str),
    /// A form with parts (`multipart/form-data`): the name of its schema.
    Form(&'static str),
}

/// The answer to a request that succeeds.
pub(crate) enum Success {
    /// 201 with the new thing in its envelope.
    Created(&'static str, &'static str),
    /// 201 with several new things in their envelope.
    CreatedMany(&'static str, &'static str),
    /// 200 with a thing in its envelope.
    One(&'static str, &'static str),
    /// 200 with all things in their envelope.
    All(&'static str, &'static str),
    /// 200 with a page of things in their envelope, with cursors and links.
    Page(&'static str, &'static str),
    /// 200 with an object that has no envelope.
    Object(&'static str),
    /// 200 with Server-Sent Events without end, each the text of this schema.
    Stream(&'static str),
    /// 200 with `{}`.
    Done,
}

/// Begins a description: the operation's id and a line about it.
pub(crate) const fn operation(id: &'static str, summary: &'static str) -> Description {
    let (about, query, refuses) = ("", &[] as &[Parameter], &[] as &[u16]);
    Description { id, summary, about, query, body: Body::None, success: Success::Done, refuses }
}

impl Description {
    /// Says more.
    pub(crate) const fn about(mut self, about: &'static str) -> Self {
        self.about = about;
        self
    }

    /// Names the parameters of the query.
    pub(crate) const fn asks(mut self, query: &'static [Parameter]) -> Self {
        self.query = query;
        self
    }

    /// Takes a JSON body, which may be left out where its schema needs nothing.
    pub(crate) const fn takes(mut self, schema: &'static str) -> Self {
        self.body = Body::Json(schema);
        self
    }

    /// Takes a form with parts.
    pub(crate) const fn takes_form(mut self, schema: &'static str) -> Self {
        self.body = Body::Form(schema);
        self
    }

    /// Answers 201 with a new thing.
    pub(crate) const fn creates(self, envelope: &'static str, schema: &'static str) -> Self {
        self.answers(Success::Created(envelope, schema))
    }

    /// Answers 200 with a thing.
    pub(crate) const fn shows(self, envelope: &'static str, schema: &'static str) -> Self {
        self.answers(Success::One(envelope, schema))
    }

    /// Answers 200 with all things.
    pub(crate) const fn lists(self, envelope: &'static str, schema: &'static str) -> Self {
        self.answers(Success::All(envelope, schema))
    }

    /// Answers 200 with a page of things.
    pub(crate) const fn pages(self, envelope: &'static str, schema: &'static str) -> Self {
        self.answers(Success::Page(envelope, schema))
    }

    /// Answers like this; without it the answer is `{}`.
    pub(crate) const fn answers(mut self, success: Success) -> Self {
        self.success = success;
        self
    }

    /// Refuses with these statuses, beside the common ones.
    pub(crate) const fn refuses(mut self, statuses: &'static [u16]) -> Self {
        self.refuses = statuses;
        self
    }
}
