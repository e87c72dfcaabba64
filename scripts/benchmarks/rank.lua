-- wrk: GET /rank with random visitors and contexts. RATE > 0 spreads the requests of CONNECTIONS connections at random
-- (exponential pauses) so that about RATE a second are sent.
local rate = tonumber(os.getenv("RATE") or "0")
local connections = tonumber(os.getenv("CONNECTIONS") or "1")
local devices = { "mobile", "desktop", "tablet" }
local pages = { "news", "sports", "recipes", "games", "finance" }
local countries = { "US", "DE", "FR", "GB", "JP", "BR", "IN", "AT", "CH" }
local browsers = { "chrome", "safari", "firefox", "edge" }
local interests = { "sports", "fashion", "travel", "tech", "food", "finance", "games" }

local function pick(values) return values[math.random(#values)] end

function request()
  return wrk.format("GET", "/rank?user=u" .. math.random(100000) .. "&device=" .. pick(devices) .. "&page=" .. pick(pages)
    .. "&country=" .. pick(countries) .. "&browser=" .. pick(browsers) .. "&interest=" .. pick(interests)
    .. "&hour=" .. math.random(0, 23))
end

if rate > 0 then
  function delay() return math.floor(-math.log(1 - math.random()) * connections / rate * 1000 + math.random()) end
end
