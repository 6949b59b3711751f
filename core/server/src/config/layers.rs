//! Lays the layers over each other and says, of everything that does not fit, where it came from.

use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};

use super::{DEFAULTS, Settings, unknown};

/// Environment variables that are settings begin with this; `__` separates the parts: `PASSERELLE__SERVER__LISTEN`.
const PREFIX: &str = "PASSERELLE__";

/// Settings from the command line, the last layer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flags {
    pub(crate) config: Option<PathBuf>,
    pub(crate) data: Option<PathBuf>,
    pub(crate) listen: Option<std::net::SocketAddr>,
}

/// Why there are no settings. Each is one line.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file cannot be read.
    #[error("configuration file `{}` cannot be read: {reason}", .path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The file is not TOML.
    #[error("configuration file `{}`, line {line}: {reason}", .path.display())]
    Syntax {
        /// Which.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// A key that no setting has.
    #[error("unknown key `{key}` in {origin}{}", hint(.nearest))]
    Unknown {
        /// Its whole path.
        key: String,
        /// The file or the environment variable.
        origin: String,
        /// The most similar key that exists.
        nearest: Option<String>,
    },
    /// A value that does not fit.
    #[error("setting `{key}` in {origin}: {reason}")]
    Value {
        /// Its whole path.
        key: String,
        /// The file, the variable or the flag.
        origin: String,
        /// What is wrong.
        reason: String,
    },
}

fn hint(nearest: &Option<String>) -> String {
    nearest.as_ref().map(|key| format!("; did you mean `{key}`?")).unwrap_or_default()
}

/// The settings of this process. `prepared`: a layer between the embedded defaults and the file, such as the demo's.
pub(crate) fn load(prepared: Option<&str>, flags: &Flags) -> Result<Settings, ConfigError> {
    let env = Env::prefixed(PREFIX).split("__");
    let known = parse(Path::new("the embedded defaults"), DEFAULTS)?;
    let mut figment = Figment::from(Toml::string(DEFAULTS));
    if let Some(text) = prepared {
        figment = figment.merge(Toml::string(text));
    }
    if let Some(path) = &flags.config {
        let reason = |error: std::io::Error| ConfigError::Unreadable { path: path.clone(), reason: error.to_string() };
        let text = std::fs::read_to_string(path).map_err(reason)?;
        unknown::refuse_in_file(&known, &parse(path, &text)?, path)?;
        figment = figment.merge(Toml::file_exact(path));
    }
    unknown::refuse_in_environment(&known, env.iter().map(|(key, _)| key.into_string()), PREFIX)?;
    figment = figment.merge(env);
    if let Some(data) = &flags.data {
        figment = figment.merge(Serialized::default("data.folder", data));
    }
    if let Some(listen) = &flags.listen {
        figment = figment.merge(Serialized::default("server.listen", listen));
    }
    let settings = figment.extract::<Settings>().map_err(|error| misfit(&error, &figment))?.with_empty_as_none();
    settings.check(flags.config.as_deref().unwrap_or(Path::new("the configuration")))?;
    Ok(settings)
}

fn parse(path: &Path, text: &str) -> Result<toml::Table, ConfigError> {
    text.parse::<toml::Table>().map_err(|error| ConfigError::Syntax {
        path: path.to_owned(),
        line: error.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count()),
        reason: error.message().replace('\n', ", "),
    })
}

fn misfit(error: &figment::Error, figment: &Figment) -> ConfigError {
    let key = error.path.join(".");
    let origin = error.metadata.as_ref().or_else(|| figment.find_metadata(&key)).map(|metadata| {
        let place = metadata.source.as_ref().map(|source| format!("`{source}`"));
        match (place, metadata.name.contains("environment")) {
            (Some(place), _) => place,
            (None, true) => format!("environment variable `{PREFIX}{}`", key.to_uppercase().replace('.', "__")),
            (None, false) => "the command line".to_owned(),
        }
    });
    ConfigError::Value {
        key,
        origin: origin.unwrap_or_else(|| "the configuration".to_owned()),
        reason: error.kind.to_string(),
    }
}

#[cfg(test)]
#[expect(clippy::result_large_err, reason = "the library's own test closure has this error type")]
mod tests {
    use figment::Jail;

    use super::*;

    fn refused(file: Option<&str>, env: &[(&str, &str)]) -> String {
        let mut answer = String::new();
        Jail::expect_with(|jail| {
            for (name, value) in env {
                jail.set_env(name, value);
            }
            let mut flags = Flags::default();
            if let Some(text) = file {
                jail.create_file("p.toml", text)?;
                flags.config = Some(PathBuf::from("p.toml"));
            }
            answer = load(None, &flags).expect_err("refused").to_string();
            Ok(())
        });
        answer
    }

    #[test]
    fn what_does_not_fit_names_its_place_and_what_would_fit() {
        let file = |text| refused(Some(text), &[]);
        assert_eq!(
            file("[server]\nlisten_on = \"127.0.0.1:1\""),
            "unknown key `server.listen_on` in `p.toml`; did you mean `server.listen`?"
        );
        assert_eq!(file("[sever]\nlisten = \"x\""), "unknown key `sever` in `p.toml`; did you mean `server`?");
        assert!(file("[server]\nlisten = ").starts_with("configuration file `p.toml`, line 2:"));
        let wrong = file("[server]\nlisten = \"nowhere\"");
        assert!(wrong.starts_with("setting `server.listen` in `") && wrong.contains("p.toml`"), "{wrong}");
        assert_eq!(
            refused(None, &[("PASSERELLE__SERVER__LISTN", "127.0.0.1:1")]),
            "unknown key `server.listn` in environment variable `PASSERELLE__SERVER__LISTN`; \
             did you mean `server.listen`?"
        );
        let wrong = refused(None, &[("PASSERELLE__DATABASE__READERS", "many")]);
        assert!(wrong.starts_with("setting `database.readers` in "), "{wrong}");
        assert!(wrong.contains("environment variable `PASSERELLE__DATABASE__READERS`"), "{wrong}");
        assert!(file("[gateway]\npublic_url = \"chat.example.com\"").contains("does not begin with https://"));
    }

    #[test]
    fn later_layers_win() {
        Jail::expect_with(|jail| {
            jail.create_file("p.toml", "[server]\nlisten = \"127.0.0.1:1111\"\n[database]\nreaders = 2\n")?;
            jail.set_env("PASSERELLE__DATABASE__READERS", "3");
            jail.set_env("PASSERELLE__LOG__LEVEL", "debug");
            let config = Some(PathBuf::from("p.toml"));
            let flags = Flags { config, data: Some("elsewhere".into()), listen: "127.0.0.1:2222".parse().ok() };
            let settings = load(None, &flags).expect("settings");
            assert_eq!(settings.server.listen.port(), 2222);
            assert_eq!(settings.database.readers, 3);
            assert_eq!(settings.log.level, "debug");
            assert_eq!(settings.data.folder, PathBuf::from("elsewhere"));
            assert_eq!(settings.gateway.public_url, None);
            Ok(())
        });
    }
}
