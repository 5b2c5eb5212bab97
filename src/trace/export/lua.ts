/**
 * A dissector in Lua for Wireshark: what the decoders of a protocol made of the packets of an exported capture, as a tree with fields that can be filtered and
 * found in the bytes, and as columns. The capture has it in the comments of its packets (notes.ts); the dissector needs no decoder, and so works for
 * every protocol.
 * Lacks: packets that were not exported by us.
 */

import { type DecodedTrace, decodedBy } from '../decoded.ts';
import type { TraceEvent } from '../event.ts';
import type { Decoders } from '../message.ts';

/** What the comments of a protocol begin with. */
export const notePrefix = (protocol: string): string => `${protocol}: `;

/** Fields and types of messages of one dissector. */
const FIELD_LIMIT = 500;

/** Names of the fields of each type of message in the events. */
export function shapesOf(events: readonly TraceEvent[], decoders: Decoders | DecodedTrace): ReadonlyMap<string, ReadonlySet<string>> {
  const decoded = decodedBy(decoders);
  const shapes = new Map<string, Set<string>>();
  for (const event of events)
    for (const item of decoded.see(event)) {
      if (item.kind !== 'message') continue;
      const fields = shapes.get(item.type) ?? new Set<string>();
      shapes.set(item.type, fields);
      for (const name of Object.keys(item.fields)) fields.add(name);
    }
  return shapes;
}

/** The script. `protocol` is a slug. */
export function luaDissector(protocol: string, title: string, shapes: ReadonlyMap<string, ReadonlySet<string>>): string {
  const name = `slipway_${identifier(protocol)}`;
  const fields = [...shapes].flatMap(([type, names]) =>
    [...names].map(field => [`${type} ${field}`, `${name}.${identifier(type)}.${identifier(field)}`, field] as const),
  );
  const seen = new Set<string>();
  const own = fields.filter(([, filter]) => !seen.has(filter) && seen.add(filter)).slice(0, FIELD_LIMIT);
  const declared = own.map(([key, filter, field]) => `  [${quoted(key)}] = ProtoField.string(${quoted(filter)}, ${quoted(field)}),`);
  return `-- ${title.replace(/[^\x20-\x7e]/g, '?')}: what is in the comments of a capture that slipway export has made.
-- tshark -X lua_script:THIS.lua -r CAPTURE.pcapng, or in the folder of personal Lua plug-ins of Wireshark.
local protocol = Proto(${quoted(name)}, ${quoted(title.replace(/[^\x20-\x7e]/g, '?'))})
local PREFIX = ${quoted(notePrefix(protocol))}
local message_type = ProtoField.string(${quoted(`${name}.type`)}, "message")
local violation = ProtoField.string(${quoted(`${name}.violation`)}, "breaks")
local other = ProtoField.string(${quoted(`${name}.field`)}, "field")
local known = {
${declared.join('\n')}
}
local all = { message_type, violation, other }
for _, field in pairs(known) do all[#all + 1] = field end
protocol.fields = all
local broken = ProtoExpert.new(${quoted(`${name}.broken`)}, "breaks a rule of the format", expert.group.MALFORMED, expert.severity.ERROR)
protocol.experts = { broken }
${DISSECTOR}`;
}

const identifier = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '') || 'x';

/** A Lua string of any text. */
const quoted = (text: string): string =>
  `"${Array.from(new TextEncoder().encode(text), byte => (byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, '0')}`)).join('')}"`;

/** A comment line is \`PREFIX type key=value key="va\\"lue"  (bytes 3 to 9)\`, or \`PREFIX breaks CLAUSE: WHY  (byte 3)\`. */
const DISSECTOR = String.raw`
local comment_of = Field.new("frame.comment")
local tcp_payload = Field.new("tcp.payload")
local tcp_seq = Field.new("tcp.seq")

-- The bytes of a message in this packet: those from the first to the last of its stream.
local function place(first, last)
  local payload, seq = tcp_payload(), tcp_seq()
  if payload == nil or first == nil then return nil end
  local from = first - ((seq and seq.value or 1) - 1)
  local to = last - ((seq and seq.value or 1) - 1)
  local range = payload.range
  if to < 0 or from >= range:len() then return nil end
  if from < 0 then from = 0 end
  if to >= range:len() then to = range:len() - 1 end
  return range(from, to - from + 1)
end

local function add(tree, field, range, value)
  if range == nil then return tree:add(field, value) end
  return tree:add(field, range, value)
end

-- key=value and key="value" with \" and \\ in it.
local function pairs_of(text)
  local found, at = {}, 1
  while at <= #text do
    local from, to, key = text:find("^%s*([^%s=]+)=", at)
    if from == nil then break end
    at = to + 1
    local value
    if text:sub(at, at) == '"' then
      local out = {}
      at = at + 1
      while at <= #text do
        local c = text:sub(at, at)
        if c == "\\" and text:sub(at + 1, at + 1) == '"' then
          out[#out + 1] = '"'
          at = at + 2
        elseif c == '"' then
          break
        else
          out[#out + 1] = c
          at = at + 1
        end
      end
      value = table.concat(out)
      at = at + 1
    else
      local _, stop = text:find("^[^%s]*", at)
      value = text:sub(at, stop)
      at = stop + 1
    end
    found[#found + 1] = { key = key, value = value }
  end
  return found
end

function protocol.dissector(buffer, pinfo, tree)
  local told = {}
  for _, info in ipairs({ comment_of() }) do
    for line in tostring(info.value):gmatch("[^\n]+") do
      if line:sub(1, #PREFIX) == PREFIX then told[#told + 1] = line:sub(#PREFIX + 1) end
    end
  end
  if #told == 0 then return end
  local root = tree:add(protocol, buffer(0, 0))
  local names = {}
  for _, line in ipairs(told) do
    local clause = line:match("^breaks (.*)$")
    if clause ~= nil then
      add(root, violation, nil, clause):add_proto_expert_info(broken)
      names[#names + 1] = "breaks " .. clause
    else
      local first, last = line:match("%(bytes (%d+) to (%d+)%)$")
      local body = line:gsub("%s*%(bytes %d+ to %d+%)$", "")
      -- A type may have spaces in it: the first key is what ends it.
      local kind, rest = body:match("^(.-)%s+([^%s=]+=.*)$")
      if kind == nil then kind, rest = body, "" end
      local range = place(tonumber(first), tonumber(last))
      local item = add(root, message_type, range, kind)
      for _, pair in ipairs(pairs_of(rest)) do
        local field = known[kind .. " " .. pair.key]
        if field ~= nil then add(item, field, range, pair.value)
        else add(item, other, range, pair.key .. "=" .. pair.value) end
      end
      names[#names + 1] = body
    end
  end
  pinfo.cols.protocol:set(PREFIX:sub(1, -3))
  pinfo.cols.info:set(table.concat(names, ", "))
end

register_postdissector(protocol)
`;
