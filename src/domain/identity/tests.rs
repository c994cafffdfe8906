mod grouping;
mod scene;
mod verdicts;
mod weighing;

use super::*;
use scene::{AZURE_ID, HOME_ID, OTHER_ID, Scene, file, reading};
