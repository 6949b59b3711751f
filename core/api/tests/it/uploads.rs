//! Uploads that go wrong in every way at once: however each ends, the folder of files and its table agree afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::Request;
use http_body_util::BodyExt as _;
use passerelle_model::time::Clock;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use crate::house::{House, generous};

/// Uploads of the test that every change runs; `PASSERELLE_UPLOADS=5000` asks for more.
const UPLOADS: &str = match option_env!("PASSERELLE_UPLOADS") {
    Some(asked) => asked,
    None => "400",
};
/// Uploads at once.
const AT_ONCE: usize = 8;
/// Bytes of the largest file.
const LARGEST: usize = 50 * 1024 * 1024;
/// Bytes that are written to the disk at once: sizes around it and its multiples are where counting goes wrong.
const PIECE: usize = 64 * 1024;

/// Files: the name, how the content begins, and whether it is taken.
const FILES: &[(&str, &[u8], bool)] = &[
    ("a.txt", b"words", true),
    ("", b"words", true),
    ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", true),
    ("A.PNG", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", true),
    ("../../etc/passwd.txt", b"words", true),
    ("..%2F..%2Fa.txt", b"words", true),
    ("a\u{202E}txt.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", true),
    ("a.png", b"MZ\x90\0\x03\0\0\0", false),
    ("a.txt", b"\x7fELF\x02\x01\x01\0", false),
    ("a.exe", b"words", false),
    ("a.png", b"<html><script>alert(1)</script>", false),
    ("a.txt\u{202E}exe.sh", b"words", false),
];

/// How an upload is disturbed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    /// Not at all.
    Never,
    /// The connection breaks behind so many bytes of the body.
    Behind(usize),
    /// The caller goes away after so many microseconds, whatever the gateway is doing.
    After(u64),
}

/// One upload.
#[derive(Clone, Debug)]
struct Upload {
    name: &'static str,
    head: &'static [u8],
    is_taken: bool,
    /// Bytes of the file.
    size: usize,
    /// Bytes of one chunk of the body.
    chunk: usize,
    cut: Cut,
}

/// The same numbers every time.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) >> 1).unwrap_or(usize::MAX) % bound
    }
}

impl Upload {
    fn any(random: &mut Random) -> Self {
        let (name, head, is_taken) = FILES[random.below(FILES.len())];
        let around = |bytes: usize, random: &mut Random| bytes - 2 + random.below(5);
        let size = match random.below(40) {
            0 => around(LARGEST, random),
            1..=20 => around(PIECE * (1 + random.below(4)), random),
            _ => 32 + random.below(300_000),
        };
        let body = size + 200;
        let cut = match random.below(4) {
            0 => Cut::Never,
            1 => Cut::Behind(random.below(body)),
            // The end is where most can go wrong: the last bytes, the disk, the row.
            2 => Cut::Behind(body.saturating_sub(random.below(300))),
            _ => Cut::After(random.below(30_000) as u64),
        };
        Self { name, head, is_taken, size, chunk: 1 + random.below(100_000), cut }
    }

    fn body(&self) -> Vec<u8> {
        let form = format!(
            "--b\r\nContent-Disposition: form-data; name=\"source\"; filename=\"{}\"\r\nContent-Type: application/octet-stream\r\n\r\n",
            self.name
        );
        let mut body = form.into_bytes();
        let file = body.len();
        body.extend_from_slice(self.head);
        body.resize(file + self.size, b'x');
        body.extend_from_slice(b"\r\n--b--\r\n");
        body
    }

    /// The status, or none for a caller that went away.
    async fn send(&self, router: Router, path: String, authorization: String) -> Option<(u16, Value)> {
        let mut body = self.body();
        let is_cut = matches!(self.cut, Cut::Behind(bytes) if bytes < body.len());
        if let Cut::Behind(bytes) = self.cut {
            body.truncate(bytes);
        }
        let body = Bytes::from(body);
        let mut chunks: Vec<_> = (0..body.len())
            .step_by(self.chunk)
            .map(|from| Ok(body.slice(from..body.len().min(from + self.chunk))))
            .collect();
        if is_cut {
            chunks.push(Err(std::io::Error::other("cut")));
        }
        let request = Request::post(path)
            .header("authorization", authorization)
            .header("content-type", "multipart/form-data; boundary=b")
            .body(Body::from_stream(futures_util::stream::iter(chunks)))
            .expect("a request");
        let answer = async {
            let reply = router.oneshot(request).await.expect("the router never fails");
            let status = reply.status().as_u16();
            let body = reply.into_body().collect().await.expect("a body").to_bytes();
            (status, serde_json::from_slice(&body).expect("JSON"))
        };
        match self.cut {
            Cut::After(micros) => tokio::time::timeout(Duration::from_micros(micros), answer).await.ok(),
            _ => Some(answer.await),
        }
    }

    /// Whether it may end like this.
    fn may_end(&self, status: u16) -> bool {
        let is_whole = !matches!(self.cut, Cut::Behind(bytes) if bytes < self.body().len());
        match status {
            201 => is_whole && self.is_taken && self.size <= LARGEST,
            400 => !is_whole,
            413 => self.size > LARGEST,
            // What a file is shows before the rest of it has come.
            415 => !self.is_taken,
            _ => false,
        }
    }
}

/// What is known of the files, by handle: their size and hash.
type Files = BTreeMap<String, (u64, String)>;

async fn rows(house: &House) -> Files {
    let options = SqliteConnectOptions::new().filename(house.folder.path().join("passerelle.db")).read_only(true);
    let mut conn = SqliteConnection::connect_with(&options).await.expect("a database");
    let rows = sqlx::query_as::<_, (String, i64, String)>("SELECT handle, size, sha256 FROM media");
    let rows = rows.fetch_all(&mut conn).await.expect("rows");
    rows.into_iter().map(|(handle, size, hash)| (handle, (size.cast_unsigned(), hash))).collect()
}

fn names_on_disk(house: &House) -> Vec<String> {
    let entries = std::fs::read_dir(house.folder.path().join("media")).expect("a folder");
    entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("text")).collect()
}

fn on_disk(house: &House) -> Files {
    let read = |name: String| {
        let bytes = std::fs::read(house.folder.path().join("media").join(&name)).expect("nothing goes any more");
        (name, (bytes.len() as u64, hex::encode(Sha256::digest(&bytes))))
    };
    names_on_disk(house).into_iter().map(read).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_becomes_of_uploads_the_folder_and_the_table_agree() {
    let uploads: usize = UPLOADS.parse().expect("a number");
    // By a clock that is never set back: the limits of callers would be met for a moment.
    let (begun, passed) = (Clock::system().now(), Instant::now());
    let house = House::with(generous(), Clock::from_fn(move || begun.plus(passed.elapsed()))).await;
    let (path, authorization) = (format!("/v2/apps/{}/attachments", house.app), House::authorization(&house.app_key));
    let mut random = Random(20_261_128);
    let (mut running, mut taken, mut gone) = (JoinSet::new(), Vec::new(), 0);
    let mut ended = |ended: Result<(Upload, Option<(u16, Value)>), tokio::task::JoinError>| {
        let (upload, answer) = ended.expect("no upload panics");
        let Some((status, body)) = answer else {
            gone += 1;
            return;
        };
        assert!(upload.may_end(status), "{upload:?} ended with {status} {body}");
        if status == 201 {
            taken.push(body["attachment"]["mediaUrl"].as_str().expect("an address").to_owned());
        }
    };
    for _ in 0..uploads {
        let upload = Upload::any(&mut random);
        let (router, path, authorization) = (house.router.clone(), path.clone(), authorization.clone());
        running.spawn(async move {
            let answer = upload.send(router, path, authorization).await;
            (upload, answer)
        });
        if running.len() >= AT_ONCE {
            ended(running.join_next().await.expect("one runs"));
        }
    }
    while let Some(done) = running.join_next().await {
        ended(done);
    }
    // What a caller left behind is finished or cleared away without it.
    for _ in 0..500 {
        let known: BTreeSet<_> = rows(&house).await.into_keys().collect();
        if known == names_on_disk(&house).into_iter().collect() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (rows, files) = (rows(&house).await, on_disk(&house));
    #[expect(clippy::print_stderr, reason = "the figures are what the long run is for")]
    {
        eprintln!("{uploads} uploads: {} taken, {gone} callers went away, {} files kept", taken.len(), files.len());
    }
    let strays: Vec<_> = files.keys().filter(|handle| !rows.contains_key(*handle)).collect();
    assert!(strays.is_empty(), "{} files without a row: {strays:?}", strays.len());
    assert_eq!(rows, files, "every row has its file, of that size and with that hash");
    for address in &taken {
        assert!(rows.keys().any(|handle| address.contains(handle)), "{address} is kept");
    }
    assert!(taken.len() > uploads / 20 && gone > uploads / 20, "every kind of end took place");
    assert!(rows.len() <= taken.len() + gone, "nothing is kept that nobody brought");
}
