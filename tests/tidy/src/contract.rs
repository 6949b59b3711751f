//! The contract explains itself: every item has a comment, because the reference is made of them.

use std::path::Path;

use anyhow::{Context as _, Result};
use wit_parser::{Docs, Interface, Resolve, Type, TypeDefKind};

/// Every item of the contract that has no comment.
pub fn undocumented(root: &Path) -> Result<Vec<String>> {
    let mut resolve = Resolve::default();
    resolve.push_dir(root.join("sdk/wit/next")).context("the contract does not parse")?;
    let mut out = Vec::new();
    for (_, world) in &resolve.worlds {
        note(&world.docs, || format!("world {}", world.name), &mut out);
    }
    for (_, interface) in &resolve.interfaces {
        check_interface(&resolve, interface, &mut out);
    }
    Ok(out)
}

fn check_interface(resolve: &Resolve, interface: &Interface, out: &mut Vec<String>) {
    let name = interface.name.clone().unwrap_or_default();
    note(&interface.docs, || format!("interface {name}"), out);
    for (function, definition) in &interface.functions {
        note(&definition.docs, || format!("{name}.{function}"), out);
    }
    for (type_name, id) in &interface.types {
        let definition = &resolve.types[*id];
        // What one interface uses of another is documented there.
        if matches!(definition.kind, TypeDefKind::Type(Type::Id(_))) {
            continue;
        }
        note(&definition.docs, || format!("{name}.{type_name}"), out);
        for (member, docs) in members(&definition.kind) {
            note(docs, || format!("{name}.{type_name}.{member}"), out);
        }
    }
}

/// Members with their comments. The cases of an enum may speak for themselves.
fn members(kind: &TypeDefKind) -> Vec<(&str, &Docs)> {
    match kind {
        TypeDefKind::Record(record) => record.fields.iter().map(|field| (field.name.as_str(), &field.docs)).collect(),
        TypeDefKind::Variant(variant) => variant.cases.iter().map(|case| (case.name.as_str(), &case.docs)).collect(),
        _ => Vec::new(),
    }
}

fn note(docs: &Docs, name: impl FnOnce() -> String, out: &mut Vec<String>) {
    if docs.contents.as_deref().unwrap_or_default().trim().is_empty() {
        out.push(name());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_has_a_comment() {
        let found = undocumented(&crate::root()).expect("the contract parses");
        assert_eq!(found, Vec::<String>::new(), "write a comment for these in sdk/wit/next");
    }

    #[test]
    fn an_item_without_a_comment_is_found() {
        let folder = std::env::temp_dir().join(format!("passerelle-tidy-{}", std::process::id()));
        let next = folder.join("sdk/wit/next");
        std::fs::create_dir_all(&next).expect("a temporary folder");
        let text =
            "package a:b@0.1.0;\n/// Said.\ninterface i {\n  /// Said.\n  record r { silent: u32 }\n  f: func();\n}\n";
        std::fs::write(next.join("a.wit"), text).expect("a temporary file");
        let found = undocumented(&folder).expect("it parses");
        std::fs::remove_dir_all(&folder).ok();
        assert_eq!(found, ["i.f", "i.r.silent"]);
    }
}
