//! Who is in control of a conversation: the state machine, without any idea of who the seats are.
//!
//! At most one seat is active and at most one is pending; all others stand by. Every change of the active seat raises
//! the control epoch, and a command that was made under an older epoch is refused ([`Control::check`]).
//! The rules are those of the Conversations API's switchboard.

use crate::id::SwitchboardIntegrationId;

/// Why control is let go of when a conversation's ticket is closed, as bots are told it.
pub const TICKET_CLOSED: &str = "ticket-closed";
/// Seats that one switchboard may have.
pub const MAX_SEATS: usize = 10;

/// Who is in control of one conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Control {
    /// Who may speak first.
    pub active: Option<SwitchboardIntegrationId>,
    /// To whom control is offered.
    pub pending: Option<SwitchboardIntegrationId>,
    /// Raised whenever `active` changes.
    pub epoch: u64,
}

/// A seat, as far as the rules know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Which.
    pub id: SwitchboardIntegrationId,
    /// Unique name.
    pub name: String,
    /// The type word of who sits there.
    pub integration_type: String,
    /// Who is meant by `next`.
    pub next: Option<SwitchboardIntegrationId>,
}

/// The seats of an app.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Switchboard {
    /// Off means that everybody hears everything and nobody is in control.
    pub enabled: bool,
    /// Who gets control where nobody has it.
    pub default: Option<SwitchboardIntegrationId>,
    /// At most [`MAX_SEATS`].
    pub seats: Vec<Seat>,
}

/// Who asks for a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// The account or the app: may act for any seat.
    Any,
    /// An integration, and its seat where it has one: may act for itself only.
    Seat(Option<SwitchboardIntegrationId>),
}

/// Why control stays where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no switchboard, or it is off.
    #[error("the switchboard is not enabled")]
    Disabled,
    /// The target is unknown, names several seats, or is the one that is active already.
    #[error("the target names no seat of the switchboard, or more than one")]
    InvalidTarget,
    /// Nothing was offered, or nobody is in control.
    #[error("there is nothing to accept or to release")]
    InvalidAction,
    /// The asker may act for its own seat only.
    #[error("only the seat itself, the app or the account may do this")]
    Forbidden,
    /// Control has changed hands since the asker last looked.
    #[error("control has changed hands in the meantime")]
    Stale,
}

impl Refusal {
    /// The word in failure events: the Conversations API's names where it has one.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvalidTarget => "switchboard_invalid_target",
            Self::InvalidAction | Self::Stale => "switchboard_invalid_action",
            Self::Disabled => "switchboard_disabled",
            Self::Forbidden => "forbidden",
        }
    }
}

/// A change that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Who is in control now.
    pub control: Control,
    /// Whose turn it was before.
    pub from: Option<SwitchboardIntegrationId>,
    /// Whether anything changed: a repeated pass to the seat that is active changes nothing and leaves no event.
    pub changed: bool,
}

impl Control {
    /// Refuses what was decided under another epoch.
    pub fn check(self, epoch: u64) -> Result<(), Refusal> {
        if self.epoch == epoch { Ok(()) } else { Err(Refusal::Stale) }
    }

    /// Nobody is in control any more. The next message of the user goes to the default.
    pub fn let_go(self) -> Moved {
        self.give(None)
    }

    fn give(self, to: Option<SwitchboardIntegrationId>) -> Moved {
        let changed = self.active != to || self.pending.is_some();
        let epoch = self.epoch + u64::from(self.active != to);
        Moved { control: Self { active: to, pending: None, epoch }, from: self.active, changed }
    }
}

impl Switchboard {
    /// The seat with this id.
    pub fn seat(&self, id: SwitchboardIntegrationId) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.id == id)
    }

    /// The seat that a target means: `next`, an id, a name, or a type word that only one seat has.
    pub fn target(&self, control: Control, target: &str) -> Result<SwitchboardIntegrationId, Refusal> {
        if target == "next" {
            let active = control.active.and_then(|active| self.seat(active));
            return active.and_then(|seat| seat.next).ok_or(Refusal::InvalidTarget);
        }
        let by_id = target.parse().ok().and_then(|id| self.seat(id));
        if let Some(seat) = by_id.or_else(|| self.seats.iter().find(|seat| seat.name == target)) {
            return Ok(seat.id);
        }
        let mut of_type = self.seats.iter().filter(|seat| seat.integration_type == target);
        match (of_type.next(), of_type.next()) {
            (Some(seat), None) => Ok(seat.id),
            _ => Err(Refusal::InvalidTarget),
        }
    }

    /// Before a message is handed on: nobody in control means that the channel's default responder gets it, or else
    /// the switchboard's default. A seat that no longer exists counts as nobody.
    pub fn begin(&self, control: Control, responder: Option<SwitchboardIntegrationId>) -> Moved {
        let held = control.active.filter(|active| self.enabled && self.seat(*active).is_some());
        if held.is_some() {
            return Moved { control, from: held, changed: false };
        }
        let default = responder.filter(|seat| self.seat(*seat).is_some()).or(self.default);
        control.give(if self.enabled { default } else { None })
    }

    /// Gives control to the target. A seat that says `next` once more, after it has passed control there, changes
    /// nothing: `next` is what it meant the first time.
    pub fn pass(&self, control: Control, target: &str, asker: Asker) -> Result<Moved, Refusal> {
        self.on()?;
        if target == "next" && self.has_passed_on(control, asker) {
            return Ok(Moved { control, from: control.active, changed: false });
        }
        Ok(control.give(Some(self.target(control, target)?)))
    }

    /// Whether the asker's own next seat is in control already.
    fn has_passed_on(&self, control: Control, asker: Asker) -> bool {
        let Asker::Seat(Some(own)) = asker else { return false };
        let next = self.seat(own).and_then(|seat| seat.next);
        next.is_some() && control.active == next && control.active != Some(own)
    }

    /// Offers control to the target; a newer offer replaces an older one.
    pub fn offer(&self, control: Control, target: &str) -> Result<Moved, Refusal> {
        self.on()?;
        let to = self.target(control, target)?;
        if control.active == Some(to) {
            return Err(Refusal::InvalidTarget);
        }
        Ok(Moved { control: Control { pending: Some(to), ..control }, from: control.active, changed: true })
    }

    /// The pending seat takes control.
    pub fn accept(&self, control: Control, asker: Asker) -> Result<Moved, Refusal> {
        self.on()?;
        let pending = control.pending.ok_or(Refusal::InvalidAction)?;
        asker.may_act_for(pending)?;
        Ok(control.give(Some(pending)))
    }

    /// The active seat lets go.
    pub fn release(&self, control: Control, asker: Asker) -> Result<Moved, Refusal> {
        self.on()?;
        let active = control.active.ok_or(Refusal::InvalidAction)?;
        asker.may_act_for(active)?;
        Ok(control.let_go())
    }

    fn on(&self) -> Result<(), Refusal> {
        if self.enabled { Ok(()) } else { Err(Refusal::Disabled) }
    }
}

impl Asker {
    fn may_act_for(self, seat: SwitchboardIntegrationId) -> Result<(), Refusal> {
        match self {
            Self::Any => Ok(()),
            Self::Seat(own) if own == Some(seat) => Ok(()),
            Self::Seat(_) => Err(Refusal::Forbidden),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOT: SwitchboardIntegrationId = SwitchboardIntegrationId::from_bytes([1; 12]);
    const DESK: SwitchboardIntegrationId = SwitchboardIntegrationId::from_bytes([2; 12]);
    const CRM: SwitchboardIntegrationId = SwitchboardIntegrationId::from_bytes([3; 12]);

    fn seat(id: SwitchboardIntegrationId, name: &str, kind: &str, next: Option<SwitchboardIntegrationId>) -> Seat {
        Seat { id, name: name.into(), integration_type: kind.into(), next }
    }

    fn switchboard() -> Switchboard {
        let seats = vec![
            seat(BOT, "bot", "bot", Some(DESK)),
            seat(DESK, "agents", "custom", None),
            seat(CRM, "crm", "custom", None),
        ];
        Switchboard { enabled: true, default: Some(BOT), seats }
    }

    fn held(
        active: Option<SwitchboardIntegrationId>,
        pending: Option<SwitchboardIntegrationId>,
        epoch: u64,
    ) -> Control {
        Control { active, pending, epoch }
    }

    #[test]
    fn a_target_is_an_id_a_name_a_single_type_or_next() {
        let id = CRM.to_string();
        let table = [
            (Some(BOT), "next", Ok(DESK)),
            (Some(DESK), "next", Err(Refusal::InvalidTarget)),
            (None, "next", Err(Refusal::InvalidTarget)),
            (None, "agents", Ok(DESK)),
            (None, id.as_str(), Ok(CRM)),
            (None, "bot", Ok(BOT)),
            (None, "custom", Err(Refusal::InvalidTarget)),
            (None, "nobody", Err(Refusal::InvalidTarget)),
        ];
        for (active, target, expected) in table {
            assert_eq!(switchboard().target(held(active, None, 1), target), expected, "{target}");
        }
    }

    #[test]
    fn control_changes_as_the_table_says() {
        let board = switchboard();
        let control = |moved: Result<Moved, Refusal>| moved.map(|moved| (moved.control, moved.changed));
        let table = [
            (control(Ok(board.begin(held(None, None, 0), None))), Ok((held(Some(BOT), None, 1), true))),
            (control(Ok(board.begin(held(None, None, 0), Some(CRM)))), Ok((held(Some(CRM), None, 1), true))),
            (control(Ok(board.begin(held(Some(DESK), None, 4), Some(CRM)))), Ok((held(Some(DESK), None, 4), false))),
            (
                control(board.pass(held(Some(BOT), Some(CRM), 1), "agents", Asker::Any)),
                Ok((held(Some(DESK), None, 2), true)),
            ),
            (
                control(board.pass(held(Some(DESK), None, 2), "agents", Asker::Any)),
                Ok((held(Some(DESK), None, 2), false)),
            ),
            (control(board.pass(held(Some(BOT), None, 1), "nobody", Asker::Any)), Err(Refusal::InvalidTarget)),
            (
                control(board.pass(held(Some(BOT), None, 1), "next", Asker::Seat(Some(BOT)))),
                Ok((held(Some(DESK), None, 2), true)),
            ),
            (
                control(board.pass(held(Some(DESK), Some(CRM), 2), "next", Asker::Seat(Some(BOT)))),
                Ok((held(Some(DESK), Some(CRM), 2), false)),
            ),
            (control(board.pass(held(Some(DESK), None, 2), "next", Asker::Any)), Err(Refusal::InvalidTarget)),
            (control(board.offer(held(Some(BOT), Some(CRM), 1), "agents")), Ok((held(Some(BOT), Some(DESK), 1), true))),
            (control(board.offer(held(Some(BOT), None, 1), "bot")), Err(Refusal::InvalidTarget)),
            (control(board.accept(held(Some(BOT), Some(DESK), 1), Asker::Any)), Ok((held(Some(DESK), None, 2), true))),
            (control(board.accept(held(Some(BOT), None, 1), Asker::Any)), Err(Refusal::InvalidAction)),
            (control(board.accept(held(None, Some(DESK), 1), Asker::Seat(Some(CRM)))), Err(Refusal::Forbidden)),
            (
                control(board.release(held(Some(DESK), Some(CRM), 2), Asker::Seat(Some(DESK)))),
                Ok((held(None, None, 3), true)),
            ),
            (control(board.release(held(Some(DESK), None, 2), Asker::Seat(None))), Err(Refusal::Forbidden)),
            (control(board.release(held(None, None, 2), Asker::Any)), Err(Refusal::InvalidAction)),
        ];
        for (index, (actual, expected)) in table.into_iter().enumerate() {
            assert_eq!(actual, expected, "row {index}");
        }
    }

    #[test]
    fn a_seat_that_is_gone_and_a_switchboard_that_is_off_leave_nobody_stranded() {
        let mut board = switchboard();
        board.seats.retain(|seat| seat.id != DESK);
        assert_eq!(board.begin(held(Some(DESK), None, 5), None).control, held(Some(BOT), None, 6));
        board.enabled = false;
        assert_eq!(board.begin(held(Some(BOT), None, 6), None).control, held(None, None, 7));
        assert_eq!(board.pass(held(None, None, 7), "bot", Asker::Any), Err(Refusal::Disabled));
    }

    #[test]
    fn what_was_decided_under_an_older_epoch_is_refused() {
        assert_eq!(held(Some(BOT), None, 3).check(3), Ok(()));
        assert_eq!(held(Some(BOT), None, 3).check(2), Err(Refusal::Stale));
    }
}
