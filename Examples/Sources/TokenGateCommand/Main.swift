import Listening
import TokenGate

@main enum Main {
    static func main() async {
        await Command.main(TokenGate.self)
    }
}
