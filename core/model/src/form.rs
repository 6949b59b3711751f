//! Whether answers fit the questions of a form.

use std::collections::HashSet;

use crate::content::{FormAnswer, FormField, FormFieldKind, FormValue};

/// What is wrong with a form or with its answers. The name is that of the question.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormFault {
    /// Two questions, or two answers, have one name.
    #[error("`{0}` is there twice")]
    Repeated(String),
    /// The fewest characters are more than the most.
    #[error("`{0}` asks for more characters at least than at most")]
    Bounds(String),
    /// No question has this name.
    #[error("`{0}` is no question of the form")]
    Unknown(String),
    /// The answer is of another kind than the question.
    #[error("`{0}` is answered by another kind of value")]
    Kind(String),
    /// The answer is shorter or longer than the question allows.
    #[error("`{0}` is shorter or longer than the form allows")]
    Length(String),
    /// What was chosen was not offered.
    #[error("`{0}` chooses what the form does not offer")]
    Choice(String),
}

/// Checks the questions of a form among each other.
pub fn check_form(fields: &[FormField]) -> Result<(), FormFault> {
    check_names(fields.iter().map(|field| field.name.as_str()))?;
    for field in fields {
        if matches!(field.kind, FormFieldKind::Text { min_size, max_size } if min_size > max_size) {
            return Err(FormFault::Bounds(field.name.clone()));
        }
    }
    Ok(())
}

/// Checks answers among each other and, where the form is known, against its questions. A question may stay open.
pub fn check_answers(answers: &[FormAnswer], form: Option<&[FormField]>) -> Result<(), FormFault> {
    check_names(answers.iter().map(|answer| answer.name.as_str()))?;
    let Some(form) = form else { return Ok(()) };
    answers.iter().try_for_each(|answer| {
        let field = form.iter().find(|field| field.name == answer.name);
        check_answer(answer, field.ok_or_else(|| FormFault::Unknown(answer.name.clone()))?)
    })
}

fn check_answer(answer: &FormAnswer, field: &FormField) -> Result<(), FormFault> {
    let name = || answer.name.clone();
    match (&answer.value, &field.kind) {
        (FormValue::Text(text), FormFieldKind::Text { min_size, max_size }) => {
            let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
            (*min_size..=*max_size).contains(&length).then_some(()).ok_or_else(|| FormFault::Length(name()))
        }
        (FormValue::Email(_), FormFieldKind::Email) => Ok(()),
        (FormValue::Select(chosen), FormFieldKind::Select { options }) => {
            let offered = chosen.iter().all(|choice| options.iter().any(|option| option.name == choice.name));
            offered.then_some(()).ok_or_else(|| FormFault::Choice(name()))
        }
        _ => Err(FormFault::Kind(name())),
    }
}

fn check_names<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), FormFault> {
    let mut seen = HashSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(FormFault::Repeated(name.to_owned()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::SelectOption;

    fn option(name: &str) -> SelectOption {
        SelectOption { name: name.into(), label: name.into() }
    }

    fn field(name: &str, kind: FormFieldKind) -> FormField {
        FormField { name: name.into(), label: "?".into(), placeholder: None, kind }
    }

    fn answer(name: &str, value: FormValue) -> FormAnswer {
        FormAnswer { name: name.into(), label: "?".into(), value }
    }

    #[test]
    fn answers_fit_the_questions_or_say_why_not() {
        let size = FormFieldKind::Select { options: vec![option("s"), option("l")] };
        let form = [
            field("name", FormFieldKind::Text { min_size: 2, max_size: 3 }),
            field("mail", FormFieldKind::Email),
            field("size", size),
        ];
        let text = |text: &str| FormValue::Text(text.into());
        for (name, value, expected) in [
            ("name", text("éèà"), Ok(())),
            ("name", text("x"), Err(FormFault::Length("name".into()))),
            ("name", text("long"), Err(FormFault::Length("name".into()))),
            ("mail", FormValue::Email("a@b".into()), Ok(())),
            ("mail", text("a@b"), Err(FormFault::Kind("mail".into()))),
            ("size", FormValue::Select(vec![option("l")]), Ok(())),
            ("size", FormValue::Select(vec![option("xl")]), Err(FormFault::Choice("size".into()))),
            ("age", text("40"), Err(FormFault::Unknown("age".into()))),
        ] {
            assert_eq!(check_answers(&[answer(name, value.clone())], Some(&form)), expected, "{name} {value:?}");
        }
        let twice = [answer("mail", FormValue::Email("a".into())), answer("mail", FormValue::Email("b".into()))];
        assert_eq!(check_answers(&twice, None), Err(FormFault::Repeated("mail".into())));
    }

    #[test]
    fn questions_have_names_of_their_own_and_bounds_in_order() {
        let text = |min_size, max_size| FormFieldKind::Text { min_size, max_size };
        assert_eq!(check_form(&[field("a", text(1, 1)), field("b", text(1, 9))]), Ok(()));
        let twice = [field("a", text(1, 1)), field("a", FormFieldKind::Email)];
        assert_eq!(check_form(&twice), Err(FormFault::Repeated("a".into())));
        assert_eq!(check_form(&[field("a", text(2, 1))]), Err(FormFault::Bounds("a".into())));
    }
}
