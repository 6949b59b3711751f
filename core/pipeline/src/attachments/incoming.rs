//! A file on its way in: hashed and looked at while it is written, with a bound on its size.

use bytes::Bytes;
use object_store::{MultipartUpload, PutPayload};
use passerelle_model::content::MAX_MEDIA_BYTES;
use passerelle_model::id::AppId;
use passerelle_store::{MediaAccess, MediaFile};
use sha2::{Digest as _, Sha256};

use super::kind::{self, Refusal};
use super::sniff::Sniff;
use super::{Files, Place, name, new_handle};

/// Bytes that are written at once.
const PIECE: usize = 64 * 1024;

/// Why a file was not taken in. Nothing of it is kept.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// Larger than a file may be.
    #[error("the file is larger than {MAX_MEDIA_BYTES} bytes")]
    TooLarge,
    /// Of a kind that is not taken, or not what its name says.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Too many at once.
    #[error("too many uploads run at once")]
    Busy,
    /// The disk failed.
    #[error("the file cannot be kept: {0}")]
    Disk(#[from] std::io::Error),
}

impl From<object_store::Error> for UploadError {
    fn from(error: object_store::Error) -> Self {
        Self::Disk(error.into())
    }
}

/// A file on its way in. Dropped before its end, it leaves nothing.
pub struct Incoming {
    upload: Box<dyn MultipartUpload>,
    app: AppId,
    access: MediaAccess,
    handle: String,
    piece: Vec<u8>,
    sniff: Sniff,
    hash: Sha256,
    size: u64,
    _place: Option<Place>,
}

impl Incoming {
    pub(super) async fn begin(
        files: &Files,
        app: AppId,
        access: MediaAccess,
        place: Option<Place>,
    ) -> Result<Self, UploadError> {
        let handle = new_handle(access)?;
        Ok(Self {
            upload: files.begin(&handle).await?,
            app,
            access,
            handle,
            piece: Vec::with_capacity(PIECE),
            sniff: Sniff::default(),
            hash: Sha256::new(),
            size: 0,
            _place: place,
        })
    }

    /// Takes the next bytes.
    pub async fn write(&mut self, bytes: &Bytes) -> Result<(), UploadError> {
        self.size += bytes.len() as u64;
        if self.size > MAX_MEDIA_BYTES {
            return Err(UploadError::TooLarge);
        }
        self.hash.update(bytes);
        self.sniff.see(bytes);
        let mut rest: &[u8] = bytes;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(PIECE - self.piece.len()));
            self.piece.extend_from_slice(now);
            rest = later;
            if self.piece.len() == PIECE {
                self.flush().await?;
            }
        }
        Ok(())
    }

    /// Whether the file may still become one of this name, by what is known so far.
    pub fn check(&self, file_name: Option<&str>) -> Result<(), UploadError> {
        let extension = file_name.and_then(name::extension_of);
        Ok(kind::check_so_far(extension.as_deref(), &self.sniff)?)
    }

    /// Keeps the file if it is of a kind that is taken and is what its name says. A name without an extension says
    /// nothing.
    pub async fn finish(self, file_name: Option<&str>) -> Result<MediaFile, UploadError> {
        let extension = file_name.and_then(name::extension_of);
        let kind = kind::decide(extension.as_deref(), &self.sniff)?;
        let shown = name::cleaned(file_name.unwrap_or_default(), kind.extension);
        self.keep(kind.media_type.to_owned(), Some(shown)).await
    }

    /// Keeps whatever it is. Types that browsers show in place are believed only where the bytes agree.
    pub(super) async fn finish_as(
        self,
        file_name: Option<&str>,
        declared: Option<&str>,
    ) -> Result<MediaFile, UploadError> {
        let extension = file_name.and_then(name::extension_of);
        let found = kind::decide(extension.as_deref(), &self.sniff).ok();
        let found = found.or_else(|| kind::decide(None, &self.sniff).ok());
        let declared = declared.filter(|declared| !kind::is_shown_in_place(declared));
        let media_type = match (found, declared) {
            // A text can be anything: whoever brings it knows better.
            (Some(kind), Some(declared)) if kind.is_plain_text() => declared,
            (Some(kind), _) => kind.media_type,
            (None, Some(declared)) => declared,
            (None, None) => kind::UNKNOWN,
        };
        let shown = file_name.map(|given| name::cleaned(given, found.map_or("bin", |kind| kind.extension)));
        self.keep(media_type.to_owned(), shown).await
    }

    async fn keep(mut self, media_type: String, file_name: Option<String>) -> Result<MediaFile, UploadError> {
        self.flush().await?;
        self.upload.complete().await?;
        Ok(MediaFile {
            handle: std::mem::take(&mut self.handle),
            app: self.app,
            media_type,
            file_name,
            size: self.size,
            sha256: hex::encode(std::mem::take(&mut self.hash).finalize()),
            access: self.access,
            for_message: true,
            conversation: None,
        })
    }

    async fn flush(&mut self) -> Result<(), UploadError> {
        if !self.piece.is_empty() {
            let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
            self.upload.put_part(PutPayload::from(piece)).await?;
        }
        Ok(())
    }
}
