// One turn of a conversation over a shared server, through the unmodified client.
// Usage: node exchange.js PACKAGE_FOLDER TENANT_URL TOKEN look|act; prints what is seen as JSON.
const { createRequire } = require("node:module");
const [, , folder, url, token, turn] = process.argv;
const packages = createRequire(folder + "/package.json");
const { WebApi } = packages("@superoffice/webapi");
const dayjs = packages("dayjs");
dayjs.extend(packages("dayjs/plugin/duration"));

async function take() {
  const webapi = new WebApi(url);
  webapi.authenticateWithToken(token);
  const agent = webapi.getErpSyncAgent();
  if (turn === "act") {
    await agent.changeEngineIntervalAsync(dayjs.duration(25, "minutes"));
    await agent.changeEngineStatusAsync(true);
    await agent.toggleErpConnectionActiveAsync(2);
    await agent.saveErpConnectionSyncPrioritiesAsync([2, 1]);
  }
  const status = await agent.getEngineStatusAsync();
  const rows = await agent.getAllConnectionsAsync(false);
  console.log(
    JSON.stringify({
      running: status.isRunning,
      minutes: status.interval.asMinutes(),
      active: Object.fromEntries(rows.map((row) => [row.erpConnectionId, row.active])),
      order: rows.map((row) => row.erpConnectionId),
    }),
  );
}

take().catch((error) => {
  console.error(error);
  process.exit(1);
});
