// Written by scripts/templates.js from the .hbs files beside it.

export const jsModule = {"0":function(container,depth0,helpers,partials,data,blockParams,depths) {
    var stack1, alias1=container.strict, alias2=container.lambda, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "\nconst "
    + ((stack1 = alias2(alias1(depth0, "name", {"start":{"line":6,"column":8},"end":{"line":6,"column":12}} ), depth0)) != null ? stack1 : "")
    + " = (() => {\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),lookupProperty(depth0,"locals"),{"name":"each","hash":{},"fn":container.program(1, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":7,"column":0},"end":{"line":9,"column":9}}})) != null ? stack1 : "")
    + "  return ("
    + ((stack1 = alias2(alias1(depth0, "parameters", {"start":{"line":10,"column":12},"end":{"line":10,"column":22}} ), depth0)) != null ? stack1 : "")
    + ") => {\n"
    + ((stack1 = alias2(alias1(depth0, "body", {"start":{"line":11,"column":2},"end":{"line":11,"column":6}} ), depth0)) != null ? stack1 : "")
    + "\n  };\n})();\n";
},"1":function(container,depth0,helpers,partials,data,blockParams,depths) {
    var stack1, alias1=container.strict, alias2=container.lambda;

  return "  const "
    + ((stack1 = alias2(alias1(depth0, "name", {"start":{"line":8,"column":10},"end":{"line":8,"column":14}} ), depth0)) != null ? stack1 : "")
    + " = new "
    + ((stack1 = alias2(alias1(depths[2], "array", {"start":{"line":8,"column":25},"end":{"line":8,"column":36}} ), depth0)) != null ? stack1 : "")
    + "("
    + ((stack1 = alias2(alias1(depth0, "length", {"start":{"line":8,"column":41},"end":{"line":8,"column":47}} ), depth0)) != null ? stack1 : "")
    + ");\n";
},"compiler":[8,">= 4.3.0"],"main":function(container,depth0,helpers,partials,data,blockParams,depths) {
    var stack1, alias1=container.strict, alias2=container.lambda, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "\"use strict\";\n// tilewright "
    + ((stack1 = alias2(alias1(depth0, "version", {"start":{"line":2,"column":16},"end":{"line":2,"column":23}} ), depth0)) != null ? stack1 : "")
    + "\n// "
    + ((stack1 = alias2(alias1(depth0, "schedule", {"start":{"line":3,"column":5},"end":{"line":3,"column":13}} ), depth0)) != null ? stack1 : "")
    + "\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),lookupProperty(depth0,"functions"),{"name":"each","hash":{},"fn":container.program(0, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":4,"column":0},"end":{"line":14,"column":9}}})) != null ? stack1 : "")
    + "\nreturn { "
    + ((stack1 = alias2(alias1(depth0, "exports", {"start":{"line":16,"column":11},"end":{"line":16,"column":18}} ), depth0)) != null ? stack1 : "")
    + " };\n";
},"useData":true,"useDepths":true};

export const wgslModule = {"0":function(container,depth0,helpers,partials,data) {
    return "enable f16;\n\n";
},"1":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=container.strict, alias2=container.lambda;

  return "@group(0) @binding("
    + ((stack1 = alias2(alias1(depth0, "binding", {"start":{"line":8,"column":21},"end":{"line":8,"column":28}} ), depth0)) != null ? stack1 : "")
    + ") var<"
    + ((stack1 = alias2(alias1(depth0, "space", {"start":{"line":8,"column":38},"end":{"line":8,"column":43}} ), depth0)) != null ? stack1 : "")
    + "> "
    + ((stack1 = alias2(alias1(depth0, "name", {"start":{"line":8,"column":49},"end":{"line":8,"column":53}} ), depth0)) != null ? stack1 : "")
    + ": "
    + ((stack1 = alias2(alias1(depth0, "type", {"start":{"line":8,"column":59},"end":{"line":8,"column":63}} ), depth0)) != null ? stack1 : "")
    + ";\n";
},"2":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=container.strict, alias2=container.lambda;

  return "var<workgroup> "
    + ((stack1 = alias2(alias1(depth0, "name", {"start":{"line":11,"column":17},"end":{"line":11,"column":21}} ), depth0)) != null ? stack1 : "")
    + ": "
    + ((stack1 = alias2(alias1(depth0, "type", {"start":{"line":11,"column":27},"end":{"line":11,"column":31}} ), depth0)) != null ? stack1 : "")
    + ";\n";
},"3":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=container.strict, alias2=container.lambda;

  return "  let "
    + ((stack1 = alias2(alias1(depth0, "name", {"start":{"line":17,"column":8},"end":{"line":17,"column":12}} ), depth0)) != null ? stack1 : "")
    + " = i32("
    + ((stack1 = alias2(alias1(depth0, "place", {"start":{"line":17,"column":23},"end":{"line":17,"column":28}} ), depth0)) != null ? stack1 : "")
    + ");\n";
},"4":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=container.strict, alias2=container.lambda;

  return "  var "
    + ((stack1 = alias2(alias1(depth0, "name", {"start":{"line":20,"column":8},"end":{"line":20,"column":12}} ), depth0)) != null ? stack1 : "")
    + ": "
    + ((stack1 = alias2(alias1(depth0, "type", {"start":{"line":20,"column":18},"end":{"line":20,"column":22}} ), depth0)) != null ? stack1 : "")
    + ";\n";
},"compiler":[8,">= 4.3.0"],"main":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=depth0 != null ? depth0 : (container.nullContext || {}), alias2=container.strict, alias3=container.lambda, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return ((stack1 = lookupProperty(helpers,"if").call(alias1,lookupProperty(depth0,"half"),{"name":"if","hash":{},"fn":container.program(0, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":1,"column":0},"end":{"line":4,"column":7}}})) != null ? stack1 : "")
    + "// tilewright "
    + ((stack1 = alias3(alias2(depth0, "version", {"start":{"line":5,"column":16},"end":{"line":5,"column":23}} ), depth0)) != null ? stack1 : "")
    + "\n// "
    + ((stack1 = alias3(alias2(depth0, "schedule", {"start":{"line":6,"column":5},"end":{"line":6,"column":13}} ), depth0)) != null ? stack1 : "")
    + "\n"
    + ((stack1 = lookupProperty(helpers,"each").call(alias1,lookupProperty(depth0,"bindings"),{"name":"each","hash":{},"fn":container.program(1, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":7,"column":0},"end":{"line":9,"column":9}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"each").call(alias1,lookupProperty(depth0,"shared"),{"name":"each","hash":{},"fn":container.program(2, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":10,"column":0},"end":{"line":12,"column":9}}})) != null ? stack1 : "")
    + "\n@compute @workgroup_size("
    + ((stack1 = alias3(alias2(depth0, "size", {"start":{"line":14,"column":27},"end":{"line":14,"column":31}} ), depth0)) != null ? stack1 : "")
    + ")\nfn "
    + ((stack1 = alias3(alias2(depth0, "name", {"start":{"line":15,"column":5},"end":{"line":15,"column":9}} ), depth0)) != null ? stack1 : "")
    + "(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {\n"
    + ((stack1 = lookupProperty(helpers,"each").call(alias1,lookupProperty(depth0,"launched"),{"name":"each","hash":{},"fn":container.program(3, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":16,"column":0},"end":{"line":18,"column":9}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"each").call(alias1,lookupProperty(depth0,"own"),{"name":"each","hash":{},"fn":container.program(4, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":19,"column":0},"end":{"line":21,"column":9}}})) != null ? stack1 : "")
    + ((stack1 = alias3(alias2(depth0, "body", {"start":{"line":22,"column":2},"end":{"line":22,"column":6}} ), depth0)) != null ? stack1 : "")
    + "\n}\n";
},"useData":true};
