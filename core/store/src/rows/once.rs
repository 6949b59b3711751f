//! What makes two requests the same one.

/// The mark of a request that shall have its effect once, however often it comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    /// The id of the key that the caller signs in with: keys of different callers never meet.
    pub caller: String,
    /// The caller's own word for the request, 1 to 255 visible ASCII characters.
    pub key: String,
    /// SHA-256 over the operation, the path and the body.
    pub digest: [u8; 32],
}

/// What is known of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// It comes for the first time.
    New,
    /// It was carried out, and this is the name of what it made.
    Same(String),
    /// Another request came under its key.
    Other,
}
