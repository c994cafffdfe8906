// Holds the exchanges with Microsoft.Compute against its public swagger, with Microsoft's validator, offline.
// usage: node judge_compute.js FOLDER-OF-OAV SPEC exchanges.jsonl LEAST-VALID
// Exit 1: any error, an operation that the swagger does not know, or fewer than LEAST-VALID valid exchanges. The
// clients speak newer versions than the swagger that is held: the version is rewritten, as live_validate.js does.
const path = require("path"), fs = require("fs");
const [oav, spec, file, least] = process.argv.slice(2);
const { LiveValidator } = require(path.join(oav, "node_modules/oav/dist/lib/liveValidation/liveValidator"));
const VERSION = "2024-03-01";
const folder = path.join(spec, "compute/resource-manager/Microsoft.Compute/ComputeRP/stable", VERSION);

(async () => {
  const validator = new LiveValidator({
    directory: spec, swaggerPaths: ["virtualMachine.json", "runCommand.json"].map(f => path.join(folder, f)),
    isPathCaseSensitive: false, useJsonParser: true, loadValidatorInBackground: false, git: { shouldClone: false },
  }, () => {});
  await validator.initialize();
  const wrong = {}, operations = {};
  let valid = 0;
  for (const line of fs.readFileSync(file, "utf8").split("\n").filter(Boolean)) {
    const x = JSON.parse(line), url = new URL(x.uri, "https://management.azure.com");
    if (!/\/providers\/Microsoft\.Compute\/virtualMachines/i.test(url.pathname)) continue;
    url.searchParams.set("api-version", VERSION);
    const told = await validator.validateLiveRequestResponse({
      liveRequest: {
        headers: { "content-type": "application/json", ...x.reqHeaders }, method: x.method, url: url.toString(),
        body: x.reqBody === null ? undefined : x.reqBody, query: Object.fromEntries(url.searchParams),
      },
      liveResponse: { statusCode: String(x.status), headers: x.respHeaders || {}, body: x.respBody === null ? {} : x.respBody },
    });
    const sides = [told.requestValidationResult, told.responseValidationResult];
    const name = (sides[0].operationInfo || {}).operationId;
    const errors = sides.flatMap(side => [
      ...(side.runtimeException ? [side.runtimeException.message] : []),
      ...(side.errors || []).map(e => `${e.code} ${(e.pathsInPayload || []).join(",")}: ${e.message}`),
    ]);
    if (errors.length) for (const e of errors) wrong[`${x.method} ${name} ${e}`.slice(0, 300)] = true;
    else { valid += 1; operations[name] = (operations[name] || 0) + 1; }
  }
  console.log(JSON.stringify({ valid, wrong: Object.keys(wrong).length, operations }));
  for (const e of Object.keys(wrong)) console.log(`  ${e}`);
  process.exit(Object.keys(wrong).length || valid < Number(least) ? 1 : 0);
})();
