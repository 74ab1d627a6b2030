# A cache in front of the wire that can be emptied by it: [caches.front] in the wire's file, method = "BAN".
vcl 4.1;

backend default {
    .host = "127.0.0.1";
    .port = "8000";
}

acl wire {
    "127.0.0.1";  # where the wire's delivery runs
}

sub vcl_recv {
    if (req.method == "BAN") {
        if (client.ip !~ wire) {
            return (synth(405));
        }
        ban("obj.status != 0");
        return (synth(200, "Empty"));
    }
    if (req.url ~ "^/(desk|ops|subscriber|private|hub|v1/items|v1/webhooks)" || req.http.Authorization) {
        return (pass);
    }
}
