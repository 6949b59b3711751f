//! passerelle-pipeline.
