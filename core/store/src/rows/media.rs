//! Files that the house keeps.

use passerelle_model::id::{AppId, ConversationId};

/// A file that we keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaFile {
    /// Its name in messages and in the folder; not guessable.
    pub handle: String,
    /// Whose.
    pub app: AppId,
    /// MIME type.
    pub media_type: String,
    /// Name to show.
    pub file_name: Option<String>,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the bytes, hex.
    pub sha256: String,
    /// Who may read it.
    pub access: MediaAccess,
    /// Whether it goes with the last message that shows it; otherwise it stays until somebody removes it.
    pub for_message: bool,
    /// The conversation that it was uploaded for.
    pub conversation: Option<ConversationId>,
}

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaAccess {
    /// Whoever was told its address.
    Public,
    /// Whoever holds a link that is signed and has not run out.
    Private,
}

impl MediaAccess {
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
        }
    }
}
