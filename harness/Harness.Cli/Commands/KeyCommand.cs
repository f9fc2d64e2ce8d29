using System.CommandLine;
using Harness.Results.Signing;

namespace Harness.Cli.Commands;

/// <summary>Shows the public half of the key that signs this user's results; makes the key where there is none.</summary>
static class KeyCommand
{
    public static Command Create(Settings settings)
    {
        var command = new Command("key", "Print your public key, for others to verify your results with (`harness verify --trust`).");
        command.SetAction(parsed =>
        {
            var terminal = settings.Of(parsed).Terminal;
            using var key = SigningKey.OpenOrCreate(SigningKeys.File);
            terminal.Say($"key {key.Public.Id}, kept in {SigningKeys.File.FullName}");
            terminal.Data.Write(key.Public.ToPem());
            return ExitCodes.Ok;
        });
        return command;
    }
}
