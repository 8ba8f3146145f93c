import TokenVerification

/// Records as the first release wrote them, of a token "golden" that the scripted authority accepted.
enum GoldenRecords {
    static let key = "f1061219416264aab09a8b0bc27f41455bdde4580f821b30fcdc0eef6663bbb3"

    static func all() throws -> [(Sealing, String)] {
        try [
            (
                .off,
                "010000000000e0a3a9d4e80000000010a5d4e8000000666eb2e3ba0be94661b18b64d614b74511117375626a"
                    + "656374206f6620676f6c64656e01047265616400016e020302"
            ),
            (
                .tokenOnly,
                "010166326721e0a3a9d4e80000000010a5d4e8000000302a992229be08fc91004aa377d4558f66a49bc576a7"
                    + "b2b25593270d7a4e2e872823f6b4864b9b59a02d2e418312fcf9d54fa55bef5fb3bbb6b907"
            ),
            (
                .secret(secret(1)),
                "010251082785e0a3a9d4e80000000010a5d4e8000000ca8d4c9a4ad49ed36b08721e8467d7a4917bf1db4a44"
                    + "84e9cbfb9f4f62129c3202e9c95d724eb98a881a778caa44b59360cd3549eb9f37551b08a8"
            ),
        ]
    }
}
