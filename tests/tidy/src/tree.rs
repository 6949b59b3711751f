//! Walks the repository's own text files and checks what the style asks of all of them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// Lines that a file may have.
const MAX_LINES: usize = 600;
const ROOTS: [&str; 4] = ["core", "sdk", "plugins", "tests"];
const SKIPPED_FOLDERS: [&str; 5] = ["target", "node_modules", ".venv", "dist", ".git"];
const TEXT: [&str; 12] = ["rs", "toml", "sql", "wit", "md", "txt", "json", "html", "ts", "tsx", "mjs", "py"];
/// What is generated, and checked by a test of its own or by whoever made it.
const GENERATED: [&str; 2] = ["sdk/guest/src/bindings.rs", "package-lock.json"];

/// A file of the repository.
pub struct Text {
    /// Its path from the root, with `/` between folders.
    pub path: String,
    /// What is in it.
    pub content: String,
}

impl Text {
    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }
}

/// All text files under the folders that hold code, without what is generated.
pub fn texts(root: &Path) -> Result<Vec<Text>> {
    let mut files = Vec::new();
    for folder in ROOTS {
        collect(&root.join(folder), &mut files)?;
    }
    let text = |file: PathBuf| {
        let path = file.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
        let content = fs::read_to_string(&file).with_context(|| format!("`{path}` is no text"))?;
        Ok(Text { path, content })
    };
    let all: Result<Vec<Text>> = files.into_iter().map(text).collect();
    Ok(all?.into_iter().filter(|text| !GENERATED.iter().any(|name| text.path.ends_with(name))).collect())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !SKIPPED_FOLDERS.contains(&name.as_str()) {
                collect(&path, files)?;
            }
        } else if path.extension().is_some_and(|extension| TEXT.iter().any(|known| extension == *known)) {
            files.push(path);
        }
    }
    Ok(())
}

/// Modules that do not say first what they answer for.
pub fn modules_without_purpose(texts: &[Text]) -> Vec<&str> {
    let silent = |text: &&Text| text.is_rust() && !text.content.starts_with("//! ");
    texts.iter().filter(silent).map(|text| text.path.as_str()).collect()
}

/// Files that are longer than a reader bears.
pub fn long_files(texts: &[Text]) -> Vec<String> {
    let counted = texts.iter().filter(|text| text.is_rust()).map(|text| (text, text.content.lines().count()));
    let long = counted.filter(|(_, lines)| *lines > MAX_LINES);
    long.map(|(text, lines)| format!("{}: {lines} lines", text.path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_module_says_what_it_answers_for() {
        let texts = texts(&crate::root()).expect("the repository is readable");
        assert!(texts.len() > 50, "only {} files were found", texts.len());
        assert_eq!(modules_without_purpose(&texts), Vec::<&str>::new(), "begin these with `//! `");
    }

    #[test]
    fn no_file_is_too_long() {
        let texts = texts(&crate::root()).expect("the repository is readable");
        assert_eq!(long_files(&texts), Vec::<String>::new(), "split these by owner");
    }

    #[test]
    fn the_checks_find_what_they_look_for() {
        let bad = [Text { path: "core/a.rs".into(), content: "use x;\n".repeat(MAX_LINES + 1) }];
        assert_eq!(modules_without_purpose(&bad), ["core/a.rs"]);
        assert_eq!(long_files(&bad), ["core/a.rs: 601 lines"]);
    }
}
