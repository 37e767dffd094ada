import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** One call with Java's own client, which takes the proxy's credentials from the program alone. Prints what came. */
public class OneCall {
    public static void main(String[] args) throws Exception {
        Authenticator token = new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return getRequestorType() != RequestorType.PROXY
                    ? null
                    : new PasswordAuthentication("jwt", System.getenv("PROXY_TOKEN").toCharArray());
            }
        };
        HttpRequest call = HttpRequest.newBuilder(URI.create("https://api.openai.com/v1/chat/completions"))
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(
                "{\"model\": \"gpt-4o\", \"messages\": [{\"role\": \"user\", \"content\": \"say hi\"}]}"))
            .build();
        HttpClient client = HttpClient.newBuilder().authenticator(token).build();
        try {
            System.out.println(client.send(call, BodyHandlers.ofString()).body());
        } catch (java.io.IOException error) {
            System.out.println(error.getMessage());
        }
    }
}
