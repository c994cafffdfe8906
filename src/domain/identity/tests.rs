mod ageing;
mod files;
mod grouping;
mod namesakes;
pub(crate) mod scene;
mod verdicts;
mod webs;
mod weighing;

use super::*;
use scene::{AZURE_ID, HOME_ID, OTHER_ID, Scene, file, reading};
