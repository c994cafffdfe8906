//! A plan as it is written: the fields of its file, in their order.

use serde::{Deserialize, Serialize};

use super::{Fault, Intent, Plan, PlanName, Slug, Statement};

/// The word that opens the file.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
enum Schema {
    #[default]
    #[serde(rename = "failback/plan/1")]
    One,
}

/// Unknown fields are refused: writing the file back would lose them.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Written {
    schema: Schema,
    name: PlanName,
    slug: Slug,
    intent: Intent,
    #[serde(default)]
    statements: Vec<Statement>,
}

impl From<Plan> for Written {
    fn from(plan: Plan) -> Self {
        Self {
            schema: Schema::One,
            name: plan.name,
            slug: plan.slug,
            intent: plan.intent,
            statements: plan.statements,
        }
    }
}

impl TryFrom<Written> for Plan {
    type Error = Fault;

    fn try_from(written: Written) -> Result<Self, Fault> {
        let mut plan = Self::with_slug(written.name, written.slug, written.intent)?;
        plan.statements = written.statements;
        Ok(plan)
    }
}
