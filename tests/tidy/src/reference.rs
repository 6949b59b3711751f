//! `docs/reference/contract.md`, the reference of the plugin contract, made of the comments in the WIT files.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use wit_parser::{Docs, Function, Interface, Resolve, Type, TypeDef, TypeDefKind, WorldItem};

/// The world that no plugin targets.
const INTERNAL_WORLD: &str = "everything";

/// Where the page is.
pub fn path(root: &Path) -> PathBuf {
    root.join("docs/reference/contract.md")
}

/// The page as it should be.
pub fn generate(root: &Path) -> Result<String> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(root.join("sdk/wit/next")).context("the contract does not parse")?;
    let mut page = format!(
        "# The contract\n\nPackage `{}`. This page is made of the comments in `sdk/wit/next`; do not edit it, run\n\
         `cargo run -p passerelle-tidy -- bless`.\n",
        resolve.packages[package].name
    );
    write_worlds(&resolve, &mut page)?;
    for (_, interface) in &resolve.interfaces {
        write_interface(&resolve, interface, &mut page)?;
    }
    Ok(page)
}

/// Writes the page.
pub fn bless(root: &Path) -> Result<()> {
    Ok(std::fs::write(path(root), generate(root)?)?)
}

fn write_worlds(resolve: &Resolve, page: &mut String) -> Result<()> {
    page.push_str("\n## Worlds\n");
    for (_, world) in resolve.worlds.iter().filter(|(_, world)| world.name != INTERNAL_WORLD) {
        let names =
            |items: Vec<&WorldItem>| items.into_iter().filter_map(|item| linked(resolve, item)).collect::<Vec<_>>();
        let imports = names(world.imports.values().collect()).join(", ");
        let exports = names(world.exports.values().collect()).join(", ");
        write!(page, "\n### {}\n\n{}\n\nImports {imports}. Exports {exports}.\n", world.name, words(&world.docs))?;
    }
    Ok(())
}

fn linked(resolve: &Resolve, item: &WorldItem) -> Option<String> {
    let WorldItem::Interface { id, .. } = item else { return None };
    let name = resolve.interfaces[*id].name.as_deref()?;
    Some(format!("[{name}](#{name})"))
}

fn write_interface(resolve: &Resolve, interface: &Interface, page: &mut String) -> Result<()> {
    let name = interface.name.as_deref().unwrap_or_default();
    write!(page, "\n## {name}\n\n{}\n", words(&interface.docs))?;
    for function in interface.functions.values() {
        write_function(resolve, function, page)?;
    }
    for (name, id) in &interface.types {
        let definition = &resolve.types[*id];
        // What one interface uses of another is described there.
        if !matches!(definition.kind, TypeDefKind::Type(Type::Id(_))) {
            write_type(resolve, name, definition, page)?;
        }
    }
    Ok(())
}

fn write_function(resolve: &Resolve, function: &Function, page: &mut String) -> Result<()> {
    let params: Vec<_> =
        function.params.iter().map(|param| format!("{}: {}", param.name, spelled(resolve, &param.ty))).collect();
    let result = function.result.map(|result| format!(" → {}", spelled(resolve, &result))).unwrap_or_default();
    let docs = words(&function.docs);
    Ok(write!(page, "\n### {}\n\n`{}({}){result}`\n\n{docs}\n", function.name, function.name, params.join(", "))?)
}

fn write_type(resolve: &Resolve, name: &str, definition: &TypeDef, page: &mut String) -> Result<()> {
    let kind = definition.kind.as_str();
    write!(page, "\n### {kind} {name}\n\n{}\n", words(&definition.docs))?;
    let rows = members(resolve, &definition.kind);
    if let TypeDefKind::Type(alias) = &definition.kind {
        write!(page, "\nThe same as `{}`.\n", spelled(resolve, alias))?;
    }
    if !rows.is_empty() {
        page.push_str("\n| name | type | meaning |\n| --- | --- | --- |\n");
    }
    for (name, kind, docs) in rows {
        let kind = if kind.is_empty() { "–".to_owned() } else { format!("`{kind}`") };
        writeln!(page, "| `{name}` | {kind} | {} |", words(docs).replace('\n', " "))?;
    }
    Ok(())
}

/// Members: name, type, comment.
fn members<'a>(resolve: &Resolve, kind: &'a TypeDefKind) -> Vec<(&'a str, String, &'a Docs)> {
    let of_case = |kind: &Option<Type>| kind.as_ref().map(|kind| spelled(resolve, kind)).unwrap_or_default();
    match kind {
        TypeDefKind::Record(record) => {
            record.fields.iter().map(|field| (field.name.as_str(), spelled(resolve, &field.ty), &field.docs)).collect()
        }
        TypeDefKind::Variant(variant) => {
            variant.cases.iter().map(|case| (case.name.as_str(), of_case(&case.ty), &case.docs)).collect()
        }
        TypeDefKind::Enum(kind) => {
            kind.cases.iter().map(|case| (case.name.as_str(), String::new(), &case.docs)).collect()
        }
        _ => Vec::new(),
    }
}

/// A type as WIT spells it.
fn spelled(resolve: &Resolve, kind: &Type) -> String {
    let Type::Id(id) = kind else { return format!("{kind:?}").to_lowercase() };
    let definition = &resolve.types[*id];
    if let Some(name) = &definition.name {
        return name.clone();
    }
    let inner = |kind: &Type| spelled(resolve, kind);
    let or_nothing = |kind: &Option<Type>| kind.as_ref().map_or_else(|| "_".to_owned(), inner);
    match &definition.kind {
        TypeDefKind::Option(kind) => format!("option<{}>", inner(kind)),
        TypeDefKind::List(kind) => format!("list<{}>", inner(kind)),
        TypeDefKind::Tuple(tuple) => format!("tuple<{}>", tuple.types.iter().map(inner).collect::<Vec<_>>().join(", ")),
        TypeDefKind::Result(result) => format!("result<{}, {}>", or_nothing(&result.ok), or_nothing(&result.err)),
        TypeDefKind::Type(kind) => inner(kind),
        other => other.as_str().to_owned(),
    }
}

/// The comment as a paragraph of Markdown; a bar would end a table's cell.
fn words(docs: &Docs) -> String {
    docs.contents.as_deref().unwrap_or_default().trim().replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_is_fresh() {
        let root = crate::root();
        let page = std::fs::read_to_string(path(&root)).expect("the page is there");
        let is_fresh = page == generate(&root).expect("the contract parses");
        assert!(is_fresh, "docs/reference/contract.md is old: run `cargo run -p passerelle-tidy -- bless`");
    }
}
