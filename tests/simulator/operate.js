// What an operator does, through the unmodified client: prints one JSON document.
// Usage: node operate.js PACKAGE_FOLDER TENANT_URL TOKEN
const { createRequire } = require("node:module");
const [, , folder, url, token] = process.argv;
const packages = createRequire(folder + "/package.json");
const { WebApi } = packages("@superoffice/webapi");
const dayjs = packages("dayjs");
dayjs.extend(packages("dayjs/plugin/duration"));

const pause = () => new Promise((done) => setTimeout(done, 25));

async function until(agent, running) {
  let status = await agent.getEngineStatusAsync();
  for (let turn = 0; turn < 400 && status.isRunning !== running; turn += 1) {
    await pause();
    status = await agent.getEngineStatusAsync();
  }
  return status.isRunning;
}

async function operate() {
  const webapi = new WebApi(url);
  webapi.authenticateWithToken(token);
  const agent = webapi.getErpSyncAgent();
  const seen = {};
  const first = await agent.getEngineStatusAsync();
  seen.first = { running: first.isRunning, message: first.statusMessage, minutes: first.interval.asMinutes() };
  await agent.changeEngineIntervalAsync(dayjs.duration(20, "minutes"));
  seen.minutes = (await agent.getEngineStatusAsync()).interval.asMinutes();
  const asked = await agent.changeEngineStatusAsync(false);
  seen.asked = { running: asked.isRunning, message: asked.statusMessage };
  seen.stopped = await until(agent, false);
  await agent.changeEngineStatusAsync(true);
  seen.started = await until(agent, true);
  const rows = await agent.getAllConnectionsAsync(false);
  seen.connections = rows.map((row) => [row.erpConnectionId, row.displayName, row.active, row.deleted]);
  seen.all = (await agent.getAllConnectionsAsync(true)).length;
  seen.toggled = await agent.toggleErpConnectionActiveAsync(1);
  seen.active = (await agent.getConnectionAsync(1)).active;
  seen.refused = await agent.toggleErpConnectionActiveAsync(3);
  seen.tests = [await agent.testConnectionByIdAsync(2), await agent.testConnectionByIdAsync(4)];
  const answer = await agent.forceResyncAsync(2, [670, 47]);
  seen.resync = [answer.isOk, answer.status, answer.changes.updatedRecords.map((record) => record.recordId)];
  const failed = await agent.forceResyncAsync(4, []);
  seen.failed = [failed.isOk, failed.status, failed.userExplanation];
  const external = await agent.forceResyncExternalAsync(2, "Customer", ["A1"]);
  seen.external = external.status;
  await agent.forceResyncBatchTaskAsync(2, [1]);
  const tasks = await webapi.getBatchAgent().getBatchTaskInfosByStateAsync("All");
  seen.tasks = tasks.map((task) => [task.id, task.name]);
  seen.syncAll = (await agent.syncAllAsync()).isOk;
  const summary = await agent.getErpSyncConnectionSummaryAsync(2);
  seen.summary = [summary.displayName, summary.lastSync.getFullYear(), summary.actors.map((actor) => actor.actorType)];
  seen.connectors = (await agent.getAllConnectorsAsync()).map((item) => item.name);
  seen.connector = (await agent.getErpSyncConnectorEntityAsync(5)).displayName;
  console.log(JSON.stringify(seen));
}

operate().catch((error) => {
  console.error(error);
  process.exit(1);
});
