//! Lines of plugins for the operator: bounded, without secrets, with the name of who wrote them.

use crate::bindings::passerelle::plugin::log;
use crate::state::CallState;

pub(crate) use log::Level;

impl log::Host for CallState {
    fn emit(&mut self, level: Level, message: String) -> wasmtime::Result<()> {
        self.count_host_call()?;
        write_line(self, level, message);
        Ok(())
    }
}

/// Writes one line, or counts it when there were too many.
pub(crate) fn write_line(state: &mut CallState, level: Level, mut line: String) {
    if state.log.lines >= state.limits().log_lines {
        state.log.dropped += 1;
        return;
    }
    state.log.lines += 1;
    // Secrets go first: a cut in the middle of one would hide it from the search.
    line = state.redact(line);
    line.truncate(line.floor_char_boundary(state.limits().log_line_bytes));
    emit(state, level, &line);
    if level == Level::Error {
        state.log.last_error = Some(line);
    }
}

/// Says how many lines were dropped, once per call.
pub(crate) fn report_dropped(state: &CallState) {
    if state.log.dropped > 0 {
        emit(state, Level::Warn, &format!("{} more lines were dropped", state.log.dropped));
    }
}

fn emit(state: &CallState, level: Level, line: &str) {
    let (plugin, version, call) = (state.plugin.id(), &state.plugin.manifest().plugin.version, state.call);
    let app = state.installation.as_ref().map(|installation| installation.app().to_string());
    let integration = state.installation.as_ref().map(|installation| installation.integration().to_string());
    macro_rules! at {
        ($level:ident) => {
            tracing::$level!(target: "plugin", plugin, version, call, app, integration, "{line}")
        };
    }
    match level {
        Level::Debug => at!(debug),
        Level::Info => at!(info),
        Level::Warn => at!(warn),
        Level::Error => at!(error),
    }
}
