using System.Text.Json;
using DuckDB.NET.Data;
using Harness.Results.Querying;

namespace Harness.Results;

/// <summary>Answers SQL over one or several stores, read-only: runs, metrics and the other tables of docs/results.md.</summary>
public static class ResultQuery
{
    const int Attempts = 3;

    /// <summary>What a query may name.</summary>
    public static IReadOnlyList<string> Tables => [.. Views.Names];

    /// <param name="sql">SELECT, DESCRIBE, SUMMARIZE or SHOW; nothing that writes.</param>
    /// <param name="runs">Runs whose samples and timings can be asked for; null is all of them.</param>
    /// <exception cref="QueryException">The query is wrong, or is more than a question.</exception>
    public static async Task<QueryResult> RunAsync(IReadOnlyList<DirectoryInfo> stores, string sql, IReadOnlyList<string>? runs,
        CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var sources = await Sources.OfAsync(stores, cancellation);
            try
            {
                return Run(sources, sql, runs, cancellation);
            }
            // A writer may have merged segments after they were listed.
            catch (DuckDBException error) when (attempt < Attempts && error.Message.StartsWith("IO Error", StringComparison.Ordinal))
            {
                continue;
            }
            catch (DuckDBException error)
            {
                throw new QueryException($"{error.Message.Trim()}\nTables: {string.Join(", ", Views.Names)}.", error);
            }
        }
    }

    static QueryResult Run(Sources sources, string sql, IReadOnlyList<string>? runs, CancellationToken cancellation)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        Execute(connection, "SET autoinstall_known_extensions = false; SET autoload_known_extensions = false; SET TimeZone = 'UTC';");
        CheckQuestion(connection, sql);
        Execute(connection, Views.For(sql, sources, runs));
        Execute(connection, $"SET allowed_directories = {Views.List(sources.Folders.Select(folder => folder + "/"))}; "
            + "SET enable_external_access = false; SET lock_configuration = true;");
        return Read(connection, sql, cancellation);
    }

    // The engine serializes questions only, so whatever it serializes writes nothing.
    static void CheckQuestion(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT json_serialize_sql($sql::VARCHAR)";
        command.Parameters.Add(new DuckDBParameter("sql", sql));
        using var tree = JsonDocument.Parse((string)command.ExecuteScalar()!);
        if (!tree.RootElement.GetProperty("error").GetBoolean()) return;
        var message = tree.RootElement.GetProperty("error_message").GetString()!;
        throw new QueryException(message.StartsWith("Only SELECT", StringComparison.Ordinal)
            ? "Only questions are answered: SELECT, FROM, WITH, DESCRIBE, SUMMARIZE or SHOW. Results are changed by runs alone." : message);
    }

    static void Execute(DuckDBConnection connection, string sql)
    {
        if (sql.Length == 0) return;
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    static QueryResult Read(DuckDBConnection connection, string sql, CancellationToken cancellation)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var columns = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToArray();
        var rows = new List<IReadOnlyList<object?>>();
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            rows.Add([.. Enumerable.Range(0, columns.Length).Select(column => reader.IsDBNull(column) ? null : reader.GetValue(column))]);
        }
        return new(columns, rows);
    }
}
