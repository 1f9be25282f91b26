// A learning platform for tests: the API of the SCORM 1.2 Run-Time Environment (chapters 3.3 and 3.4) and nothing more, as
// strictly as it is written there. It remembers one learner's session from launch to launch.
"use strict";

const ERRORS = {
  0: "No error", 101: "General exception", 201: "Invalid argument error", 202: "Element cannot have children",
  203: "Element not an array; cannot have count", 301: "Not initialized", 401: "Not implemented error",
  402: "Invalid set value, element is a keyword", 403: "Element is read only", 404: "Element is write only",
  405: "Incorrect data type",
};
const text = (most) => (value) => value.length <= most;
const among = (...words) => (value) => words.includes(value);
const TIMESPAN = (value) => /^\d{2,4}:[0-5]\d:[0-5]\d(\.\d{1,2})?$/.test(value);
const DECIMAL = (value) => value === "" || (/^\d+(\.\d+)?$/.test(value) && Number(value) <= 100);
const CORE = "student_id,student_name,lesson_location,credit,lesson_status,entry,score,total_time,lesson_mode,exit,session_time";
/** Of each element: who may read and write it, and which values it takes. */
const MODEL = {
  "cmi.core._children": ["r"], "cmi.core.student_id": ["r"], "cmi.core.student_name": ["r"],
  "cmi.core.lesson_location": ["rw", text(255)], "cmi.core.credit": ["r"],
  "cmi.core.lesson_status": ["rw", among("passed", "completed", "failed", "incomplete", "browsed")],
  "cmi.core.entry": ["r"], "cmi.core.score._children": ["r"], "cmi.core.score.raw": ["rw", DECIMAL],
  "cmi.core.total_time": ["r"], "cmi.core.lesson_mode": ["r"],
  "cmi.core.exit": ["w", among("time-out", "suspend", "logout", "")], "cmi.core.session_time": ["w", TIMESPAN],
  "cmi.suspend_data": ["rw", text(4096)], "cmi.launch_data": ["r"],
};
const FIRST = {
  "cmi.core._children": CORE, "cmi.core.student_id": "7", "cmi.core.student_name": "Learner, Ada",
  "cmi.core.lesson_location": "", "cmi.core.credit": "credit", "cmi.core.lesson_status": "not attempted",
  "cmi.core.entry": "ab-initio", "cmi.core.score._children": "raw", "cmi.core.score.raw": "",
  "cmi.core.total_time": "0000:00:00.00", "cmi.core.lesson_mode": "normal", "cmi.suspend_data": "", "cmi.launch_data": "",
};

const platform = {
  kept: { ...FIRST }, // what was committed last
  calls: [], // of all launches: [function, arguments, answer, error]
  launches: 0,
  where: null,

  /** Opens a unit with a new API, in a frame (at some depth of frames) or in a window of its own. */
  launch(address, { popup = false, depth = 0, broken = "", sandbox = null } = {}) {
    this.launches++;
    window.API = broken ? breaking(broken) : api({ ...this.kept });
    if (popup) {
      this.where = window.open(address, "unit", "width=1200,height=800");
      return;
    }
    let into = document;
    for (let at = 0; at < depth; at++) {
      const frame = into.createElement("iframe");
      into.body.append(frame);
      this.where = this.where || frame;
      into = frame.contentDocument;
    }
    const frame = into.createElement("iframe");
    if (sandbox !== null) frame.setAttribute("sandbox", sandbox);
    frame.id = "unit";
    frame.src = address;
    into.body.append(frame);
    this.where = this.where || frame;
  },
  close() {
    if (this.where.close) this.where.close(); else this.where.remove();
    this.where = null;
  },
};

function api(data) {
  let state = "new", error = "0";
  const end = (name, values, answer, code) => {
    error = code;
    platform.calls.push([name, values, answer, code]);
    return answer;
  };
  const call = (name, body) => (...values) => {
    if (values.some((value) => typeof value !== "string")) return end(name, values, name === "LMSGetValue" ? "" : "false", "201");
    const [answer, code] = body(...values);
    return end(name, values, answer, code);
  };
  const unknown = (name) => (/\._children$/.test(name) ? "202" : /\._count$/.test(name) ? "203" : /^cmi\./.test(name) ? "401" : "201");
  const keep = () => {
    platform.kept = { ...data };
    for (const name of Object.keys(MODEL)) if (MODEL[name][0] === "w") delete platform.kept[name];
  };
  return {
    LMSInitialize: call("LMSInitialize", (empty) => {
      if (empty !== "") return ["false", "201"];
      if (state !== "new") return ["false", "101"];
      state = "running";
      return ["true", "0"];
    }),
    LMSGetValue: call("LMSGetValue", (name) => {
      if (state !== "running") return ["", "301"];
      if (!MODEL[name]) return ["", unknown(name)];
      return MODEL[name][0].includes("r") ? [data[name], "0"] : ["", "404"];
    }),
    LMSSetValue: call("LMSSetValue", (name, value) => {
      if (state !== "running") return ["false", "301"];
      if (!MODEL[name]) return ["false", unknown(name)];
      if (/\._(children|count)$/.test(name)) return ["false", "402"];
      if (!MODEL[name][0].includes("w")) return ["false", "403"];
      if (value === undefined || !MODEL[name][1](value)) return ["false", "405"];
      data[name] = value;
      return ["true", "0"];
    }),
    LMSCommit: call("LMSCommit", (empty) => {
      if (empty !== "") return ["false", "201"];
      if (state !== "running") return ["false", "301"];
      keep();
      return ["true", "0"];
    }),
    LMSFinish: call("LMSFinish", (empty) => {
      if (empty !== "") return ["false", "201"];
      if (state !== "running") return ["false", "301"];
      state = "finished";
      const suspended = data["cmi.core.exit"] === "suspend";
      if (data["cmi.core.lesson_status"] === "not attempted") data["cmi.core.lesson_status"] = "completed"; // as 3.4.4 wants it
      data["cmi.core.entry"] = suspended ? "resume" : "";
      if (!suspended) data["cmi.suspend_data"] = data["cmi.core.lesson_location"] = "";
      keep();
      return ["true", "0"];
    }),
    LMSGetLastError: () => error,
    LMSGetErrorString: (code) => ERRORS[code] || "",
    LMSGetDiagnostic: (code) => ERRORS[code || error] || "",
  };
}

/** An API that does not do as it should: refuses, throws, or is gone after a while. */
function breaking(how) {
  const good = api({ ...platform.kept });
  const made = {};
  for (const name of Object.keys(good)) {
    made[name] = (...values) => {
      if (how === "throws") throw new Error(`${name} is out of order`);
      if (how === "refuses") return name === "LMSGetLastError" ? "101" : name === "LMSGetErrorString" ? "General exception" : "false";
      return good[name](...values);
    };
  }
  if (how === "vanishes") platform.vanish = () => { for (const name of Object.keys(made)) delete made[name]; delete window.API; };
  return made;
}
