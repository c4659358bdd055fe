"""What the API answers: each shape is a struct that is encoded as it is, and described from it in the OpenAPI
document. Members are in the order of the wire; one that may be absent is UNSET by itself, one that may be
null is None. What the door says is in `cockpit.ingest.answers`, what is played in `cockpit.demo.wire`, what
became of a command in `cockpit.commands.model`; `home` answers the view of the home screen itself."""
