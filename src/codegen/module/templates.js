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
